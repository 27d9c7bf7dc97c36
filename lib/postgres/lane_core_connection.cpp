// The connections of the lane and its sessions: made, listened to, watched and lost.
#include "lane_core.hpp"
#include "server_connection.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace penholder::postgres {

using steady = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds seems_to_wait{300};

}  // namespace

void lane_core::carry_out(const lane::action::connect& what) {
    const auto number = connections_.announce(what.which);
    errands_.make(what.which, [weak = weak_from_this(), which = what.which, number](result<made_connection> made) {
        const auto self = weak.lock();
        if (self && self->connections_.is_awaited(which, number)) self->on_made(which, std::move(made));
    });
}

void lane_core::on_made(lane::connection_id which, result<made_connection> made) {
    if (!made) return run(applier_.lost(which, made.error(), steady::now()));
    if (which.is_lane()) raised_ = made->seen.fence.record.lineage.last;
    connections_.open(which, std::move(made->connection), listen_to(which));
    run(applier_.connected(which, made->seen, steady::now()));
}

pipeline::listener lane_core::listen_to(lane::connection_id which) {
    const auto told = [weak = weak_from_this()](auto tell) {
        if (const auto self = weak.lock()) tell(*self);
    };
    pipeline::listener events;
    events.on_replies = [told, which](std::vector<lane::reply> replies) {
        told([&](lane_core& self) { self.run(self.applier_.replied(which, std::move(replies), steady::now())); });
    };
    events.on_too_large = [told, which] { told([&](lane_core& self) { self.cancel(which); }); };
    events.on_lost = [told, which](error why) {
        told([&](lane_core& self) { self.run(self.applier_.lost(which, std::move(why), steady::now())); });
    };
    return events;
}

void lane_core::cancel(lane::connection_id which) {
    const auto pid = connections_.backend_pid(which);
    errands_.cancel_backend(pid, [weak = weak_from_this(), which, pid] {
        const auto self = weak.lock();
        if (self && self->connections_.backend_pid(which) == pid) self->connections_.cancel_done(which);
    });
}

/// A session's transaction that has no answer for a while may wait for a lock.
void lane_core::watch_for_silence(lane::connection_id which) {
    const auto limit = question_limit(applier_.group());
    if (which.is_lane() || limit <= seems_to_wait) return watch_for_silence(which, limit);
    connections_.when_silent(which, seems_to_wait, [weak = weak_from_this(), which, limit] {
        const auto self = weak.lock();
        if (!self) return;
        self->watch_for_silence(which, limit - seems_to_wait);
        self->run(self->applier_.waits(which));
    });
}

void lane_core::watch_for_silence(lane::connection_id which, std::chrono::milliseconds after) {
    connections_.when_silent(which, after, [weak = weak_from_this(), which] {
        if (const auto self = weak.lock()) self->run(self->applier_.silent(which));
    });
}

void lane_core::carry_out(const lane::action::find_lock_holder& what) {
    errands_.find_lock_holder(
        connections_.backend_pid(what.which), connections_.backend_pids(),
        [weak = weak_from_this(), which = what.which, asked_at = what.asked_at](auto found) {
            const auto self = weak.lock();
            if (self && found) self->run(self->applier_.blocked(which, asked_at, std::move(*found), steady::now()));
        });
}

void lane_core::carry_out(const lane::action::probe& what) {
    errands_.probe([weak = weak_from_this(), which = what.which, asked_at = what.asked_at](const result<>& alive) {
        const auto self = weak.lock();
        if (!self) return;
        self->run(self->applier_.probed(which, asked_at, alive, steady::now()));
        self->watch_for_silence(which);
    });
}

void lane_core::carry_out(const lane::action::reconnect_after& what) {
    connections_.reconnect_after(what.which, what.pause, [weak = weak_from_this(), which = what.which] {
        if (const auto self = weak.lock()) self->run(self->applier_.reconnect(which));
    });
}

void lane_core::carry_out(const lane::action::disconnect& what) {
    connections_.close(what.which);
}

void lane_core::carry_out(const lane::action::terminate& what) {
    const auto pid = connections_.backend_pid(what.which);
    connections_.close(what.which);
    if (pid != 0) errands_.end_backend(pid);
}

/// The guard refused. Who fenced us is read over a connection of its own; then the owner is told.
void lane_core::tell_who_fenced() {
    if (!events_.on_fenced) return;
    errands_.read_fence([told = events_.on_fenced, name = applier_.group().name](result<fence_record> seen) {
        told(seen ? *seen : fence_record{.group = name, .term = {}, .leader = {}, .endpoint = {}, .fenced_at = {}});
    });
}

}  // namespace penholder::postgres
