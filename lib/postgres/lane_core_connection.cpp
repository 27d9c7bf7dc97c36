// The lane's connection: made on a worker, where it may block.
#include "call_limit.hpp"
#include "fence.hpp"
#include "lane_core.hpp"
#include "server_connection.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace penholder::postgres {

using steady = std::chrono::steady_clock;

result<fenced_connection> lane_core::open(const boost::asio::any_io_executor& executor, const group_options& group,
                                          const fence_record& held) {
    auto made = postgres::connect(group, "lane");
    if (!made) return made.error();
    auto raised = limited(executor, **made, fence_limit(group), [&]() -> result<fence_answer> {
        if (const auto fit = check_server(**made); !fit) return fit.error();
        return raise_fence(**made, group, held);
    });
    if (!raised) return raised.error();
    return fenced_connection{std::move(*made), std::move(*raised)};
}

void lane_core::carry_out(const lane::action::connect&) {
    boost::asio::post(
        workers_, [weak = weak_from_this(), executor = executor_, group = applier_.group(), held = applier_.held()] {
            auto made = std::make_shared<result<fenced_connection>>(open(executor, group, held));
            boost::asio::post(executor, [weak, made] {
                if (const auto self = weak.lock()) self->on_connected(std::move(*made));
            });
        });
}

void lane_core::on_connected(result<fenced_connection> made) {
    if (state() != lane::lane_state::connecting) return;
    if (!made) return run(applier_.lost(made.error(), steady::now()));
    if (made->fence.raised) open_pipeline(std::move(made->connection));
    run(applier_.connected(made->fence, steady::now()));
}

void lane_core::open_pipeline(std::unique_ptr<raw_connection> over) {
    const auto told = [weak = weak_from_this()](auto tell) {
        if (const auto self = weak.lock()) tell(*self);
    };
    pipeline::listener events;
    events.on_replies = [told](std::vector<lane::reply> replies) {
        told([&](lane_core& self) { self.run(self.applier_.replied(std::move(replies), steady::now())); });
    };
    events.on_lost = [told](std::string why) {
        told([&](lane_core& self) {
            self.run(self.applier_.lost({errc::database_unreachable, std::move(why)}, steady::now()));
        });
    };
    pipeline_ = std::make_shared<pipeline>(executor_, std::move(over), std::move(events));
    pipeline_->start();
}

void lane_core::watch_for_silence() {
    silence_.expires_after(question_limit(applier_.group()));
    silence_.async_wait([weak = weak_from_this()](boost::system::error_code failed) {
        const auto self = weak.lock();
        if (!failed && self) self->run(self->applier_.silent());
    });
}

void lane_core::carry_out(const lane::action::probe& what) {
    boost::asio::post(
        workers_, [weak = weak_from_this(), executor = executor_, group = applier_.group(), asked_at = what.asked_at] {
            auto alive = result<>();
            if (auto made = postgres::connect(group, "probe")) {
                alive = limited(executor, **made, question_limit(group), [&] { return check_server(**made); });
            } else {
                alive = made.error();
            }
            boost::asio::post(executor, [weak, asked_at, alive] {
                const auto self = weak.lock();
                if (!self) return;
                self->run(self->applier_.probed(asked_at, alive, steady::now()));
                self->watch_for_silence();
            });
        });
}

void lane_core::carry_out(const lane::action::disconnect&) {
    if (const auto old = std::exchange(pipeline_, nullptr)) old->close();
}

/// The guard refused. Who fenced us is read over a connection of its own; then the owner is told.
void lane_core::tell_who_fenced() {
    boost::asio::post(workers_, [told = events_.on_fenced, executor = executor_, group = applier_.group()] {
        fence_record record{.group = group.name, .term = {}, .leader = {}, .endpoint = {}, .fenced_at = {}};
        if (auto made = postgres::connect(group, "lane")) {
            const auto seen =
                limited(executor, **made, question_limit(group), [&] { return read_fence(**made, group.name); });
            if (seen) record = *seen;
        }
        boost::asio::post(executor, [told, record] {
            if (told) told(record);
        });
    });
}

}  // namespace penholder::postgres
