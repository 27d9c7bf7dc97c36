// The lane's connection: made on a worker, watched, lost and made again.
#include "base/log.hpp"
#include "call_limit.hpp"
#include "lane_core.hpp"

#include <boost/asio/post.hpp>

namespace penholder::postgres {

/// The fence is raised with every connection. For the term held already this changes nothing, but it waits until no
/// transaction of an earlier connection can commit any more; and on a server that was promoted without its last
/// transactions it brings the fence back to where it was.
result<lane_core::opened> lane_core::open(const boost::asio::any_io_executor& executor, const group_options& group,
                                          const fence_record& held) {
    auto made = postgres::connect(group, "lane");
    if (!made) return made.error();
    auto raised = limited(executor, **made, fence_limit(group), [&]() -> result<fence_answer> {
        if (const auto fit = check_server(**made); !fit) return fit.error();
        return raise_fence(**made, group, held);
    });
    if (!raised) return raised.error();
    return opened{std::move(*made), std::move(*raised)};
}

void lane_core::connect() {
    state_ = lane_state::connecting;
    boost::asio::post(workers_, [weak = weak_from_this(), executor = executor_, group = group_, held = held_] {
        auto made = std::make_shared<result<opened>>(open(executor, group, held));
        boost::asio::post(executor, [weak, made] {
            if (const auto self = weak.lock()) self->on_connected(std::move(*made));
        });
    });
}

void lane_core::on_connected(result<opened> made) {
    if (state_ != lane_state::connecting) return;
    if (!made) return on_lost(made.error());
    if (!made->fence.raised) {
        auto record = made->fence.record;
        auto told = std::exchange(events_.on_fenced, {});
        close();
        if (told) boost::asio::post(executor_, [told = std::move(told), record = std::move(record)] { told(record); });
        return;
    }
    backoff_.reset();
    trouble_.clear();
    origins_.clear();
    ++counters_.connects;
    state_ = lane_state::open;
    const auto weak = weak_from_this();
    pipeline_ = std::make_shared<pipeline>(
        executor_, std::move(made->connection),
        pipeline::listener{[weak](std::vector<reply> replies) {
                               if (const auto self = weak.lock()) self->on_replies(std::move(replies));
                           },
                           [weak](std::string why) {
                               if (const auto self = weak.lock())
                                   self->on_lost({errc::database_unreachable, std::move(why)});
                           }});
    pipeline_->start();
    if (events_.on_open) boost::asio::post(executor_, events_.on_open);
    wake();
}

void lane_core::send(round commands) {
    ++sent_;
    pipeline_->send(std::move(commands));
    watch_for_silence();
}

void lane_core::watch_for_silence() {
    silence_.expires_after(question_limit(group_));
    silence_.async_wait([weak = weak_from_this()](boost::system::error_code failed) {
        const auto self = weak.lock();
        if (!failed && self && self->batch_ && self->pipeline_) self->ask_whether_it_hangs();
    });
}

/// A batch may rightly take long. Whether its server is alive, another connection to it shows.
void lane_core::ask_whether_it_hangs() {
    boost::asio::post(workers_, [weak = weak_from_this(), executor = executor_, group = group_, asked_at = sent_] {
        auto alive = result<>();
        if (auto made = postgres::connect(group, "probe")) {
            alive = limited(executor, **made, question_limit(group), [&] { return check_server(**made); });
        } else {
            alive = made.error();
        }
        boost::asio::post(executor, [weak, asked_at, alive] {
            if (const auto self = weak.lock()) self->on_asked(asked_at, alive);
        });
    });
}

void lane_core::on_asked(std::uint64_t asked_at, const result<>& alive) {
    if (asked_at != sent_ || !batch_ || !pipeline_) return;
    if (!alive) {
        return on_lost(
            {errc::database_unreachable, "a batch has no answer and a new connection fails: " + alive.error().message});
    }
    if (std::chrono::steady_clock::now() < batch_limit_) return watch_for_silence();
    on_lost({errc::database_unreachable,
             "a batch has no answer though all its time-outs have ended; look for its backend in pg_stat_activity"});
}

void lane_core::on_lost(error why) {
    if (state_ == lane_state::closed) return;
    state_ = lane_state::connecting;
    if (std::exchange(trouble_, why.message) != why.message) {
        log().warn("lane_lost group={} term={} node={} why=\"{}\"", group_.name, held_.term.value, held_.leader,
                   why.message);
    }
    if (pipeline_) pipeline_->close();
    pipeline_.reset();
    if (events_.on_lost) boost::asio::post(executor_, [told = events_.on_lost, why = std::move(why)] { told(why); });
    if (batch_) {
        batch_->on_lost();
        finish_batch();
    }
    if (state_ != lane_state::closed) reconnect_later();
}

void lane_core::reconnect_later() {
    reconnect_.expires_after(backoff_.next());
    reconnect_.async_wait([weak = weak_from_this()](boost::system::error_code failed) {
        const auto self = weak.lock();
        if (!failed && self && self->state_ == lane_state::connecting) self->connect();
    });
}

/// The guard refused. Who fenced us is read over a connection of its own; then the owner is told.
void lane_core::on_fenced() {
    auto told = std::exchange(events_.on_fenced, {});
    close();
    boost::asio::post(workers_, [told = std::move(told), executor = executor_, group = group_] {
        fence_record record{.group = group.name, .term = {}, .leader = {}, .endpoint = {}, .fenced_at = {}};
        if (auto made = postgres::connect(group, "lane")) {
            const auto standing =
                limited(executor, **made, question_limit(group), [&] { return read_fence(**made, group.name); });
            if (standing) record = *standing;
        }
        boost::asio::post(executor, [told, record] {
            if (told) told(record);
        });
    });
}

}  // namespace penholder::postgres
