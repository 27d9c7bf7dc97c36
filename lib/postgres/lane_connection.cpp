// The lane's connection: made on a worker, lost and made again.
#include "base/log.hpp"
#include "lane_core.hpp"

#include <boost/asio/post.hpp>

namespace penholder::postgres {

/// The fence is raised with every connection. For the term held already this changes nothing, but it waits until no
/// transaction of an earlier connection can commit any more; and on a server that was promoted without its last
/// transactions it brings the fence back to where it was.
result<fenced_connection> lane_core::open(const group_options& group, const fence_record& held) {
    auto made = postgres::connect(group, "lane");
    if (!made) return made.error();
    if (const auto fit = check_server(**made); !fit) return fit.error();
    auto raised = raise_fence(**made, group, held);
    if (!raised) return raised.error();
    return fenced_connection{std::move(*made), std::move(*raised)};
}

void lane_core::connect() {
    state_ = lane_state::connecting;
    boost::asio::post(workers_, [weak = weak_from_this(), executor = executor_, group = group_, held = held_] {
        auto made = std::make_shared<result<fenced_connection>>(open(group, held));
        boost::asio::post(executor, [weak, made] {
            if (const auto self = weak.lock()) self->on_connected(std::move(*made));
        });
    });
}

void lane_core::on_connected(result<fenced_connection> made) {
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
            if (const auto standing = read_fence(**made, group.name)) record = *standing;
        }
        boost::asio::post(executor, [told, record] {
            if (told) told(record);
        });
    });
}

}  // namespace penholder::postgres
