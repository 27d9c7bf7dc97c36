#include "applier.hpp"

#include "unfit_connection.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace penholder::lane {

using namespace std::chrono_literals;

applier::applier(group_options group, fence_record held)
    : group_(std::move(group)),
      held_(std::move(held)),
      intake_(out_, counters_),
      shapes_(out_),
      batches_(group_, held_.term, {out_, counters_, intake_, shapes_}),
      sessions_(group_, held_.term, {out_, counters_, intake_, shapes_}),
      locks_(out_, counters_),
      reconnects_(20ms, 1000ms, held_.term.value) {}

lane_actions applier::take() {
    out_.wake_at(std::min(batches_.due(), sessions_.due()));
    return out_.take();
}

lane_actions applier::start() {
    connect();
    return take();
}

/// The fence is raised with every connection of the lane. For the term held already this changes nothing, but it waits
/// until no transaction of an earlier connection can commit any more; and on a server that was promoted without its
/// last transactions it brings the fence back to where it was.
void applier::connect() {
    assert(state_ == lane_state::connecting && !batches_.is_busy());
    out_.push(action::connect{});
}

lane_actions applier::reconnect(connection_id which) {
    if (!which.is_lane()) {
        sessions_.reconnect(which);
    } else if (state_ == lane_state::connecting) {
        connect();
    }
    return take();
}

lane_actions applier::connected(connection_id which, const opened& seen, time_point now) {
    if (state_ == lane_state::closed) return take();
    if (which.is_lane()) {
        if (state_ == lane_state::connecting) on_lane_connected(seen, now);
    } else if (sessions_.connected(which, seen, now).newer_term) {
        fall(seen.fence.record, now);
    }
    return take();
}

void applier::on_lane_connected(const opened& seen, time_point now) {
    if (!seen.fence.raised) return fall(seen.fence.record, now);
    reconnects_.reset();
    trouble_ = {};
    batches_.connected(seen.catalogue);
    if (!shapes_.seen(seen.catalogue)) tell_catalogue_changed();
    look_again(now);
    ++counters_.connects;
    raised_ = true;
    state_ = lane_state::open;
    out_.push(action::opened{});
    out_.wake();
}

lane_actions applier::submit(lane_write what, time_point now) {
    const auto& id = what.what.id().text();
    if (state_ == lane_state::closed || draining_) {
        intake_.refuse(what, write_verdict::handed_back, {errc::not_leader, "this lane is closed"});
        return take();
    }
    if (intake_.holds(id)) {
        intake_.refuse(what, write_verdict::in_flight, {errc::in_flight, id + " is being applied at this moment"});
        return take();
    }
    queued_write one{.taken = std::move(what)};
    auto way = way_of(one, now);
    const bool by_lane = way.where == plain_shapes::way::lane;
    if (auto why = by_lane ? batches_.full(one.bytes()) : sessions_.full(one.bytes())) {
        intake_.refuse(one.taken, write_verdict::handed_back, std::move(*why));
        return take();
    }
    intake_.take(one);
    if (one.given() == nullptr) one.fingerprint = fingerprints_.of(one.taken.what.what());
    send_on(std::move(one), std::move(way), now);
    return take();
}

plain_shapes::found applier::way_of(const queued_write& one, time_point now) {
    auto way = shapes_.look_at(one.taken.what, now);
    if (intake_.left_in_doubt(one)) way = {plain_shapes::way::session, "left_in_doubt", {}, {}};
    return way;
}

void applier::send_on(queued_write one, plain_shapes::found way, time_point now) {
    one.unjudged.clear();
    const auto known_by = std::exchange(one.judged_by, {});
    if (way.where == plain_shapes::way::session) return to_session(std::move(one), way.why_not, now);
    if (way.where == plain_shapes::way::unknown) {
        one.unjudged = std::move(way.why_not);
        one.judged_by = known_by == time_point() ? now + longest_judging : known_by;
        return sessions_.add(std::move(one), now);
    }
    one.stamped_tables = std::move(way.stamped_tables);
    one.new_stamped_tables = std::move(way.new_stamped_tables);
    one.deleted_tables = std::move(way.deleted_tables);
    one.plain_as_of = shapes_.generation();
    batches_.add(std::move(one), now);
}

/// More is known of shapes.
void applier::look_again(time_point now) {
    for (auto& one : sessions_.take_unjudged(now)) {
        auto way = way_of(one, now);
        send_on(std::move(one), std::move(way), now);
    }
}

void applier::to_session(queued_write one, const std::string& why, time_point now) {
    if (state_ == lane_state::closed || draining_) {
        return intake_.hand_back(one, errc::not_leader, "this node is giving up leadership");
    }
    intake_.count_session(why);
    sessions_.add(std::move(one), now);
}

/// What the lane is not for goes to the sessions.
void applier::move_apart(time_point now) {
    for (auto& [one, why] : batches_.take_apart()) to_session(std::move(one), why, now);
}

lane_actions applier::begin(time_point now) {
    out_.woke(now);
    batches_.expire(trouble_, now);
    sessions_.expire(trouble_, now);
    if (state_ == lane_state::open && !shapes_.is_dropped()) batches_.begin(now);
    move_apart(now);
    if (raised_ && state_ != lane_state::closed) sessions_.begin(state_ == lane_state::open, now);
    settle_draining(now);
    return take();
}

lane_actions applier::replied(connection_id which, std::vector<reply> replies, time_point now) {
    if (state_ == lane_state::closed) return take();
    if (!which.is_lane()) {
        const auto seen = sessions_.replied(which, std::move(replies), now);
        if (seen.newer_term) fall({}, now);
        if (seen.other_catalogue) on_other_catalogue(now);
        settle_draining(now);
    } else if (state_ == lane_state::open) {
        const auto ended = batches_.replied(std::move(replies), now);
        move_apart(now);
        if (ended) on_lane_ended(*ended, now);
    }
    return take();
}

void applier::on_lane_ended(const batcher::ended& what, time_point now) {
    if (what.fenced) return fall({}, now);
    if (what.stale) forget_shapes();
    if (draining_ && !batches_.is_busy()) {
        settle_draining(now);
    } else if (what.needs_reconnect) {
        lose_lane(unfit_connection(what.trouble), now);
    } else {
        renew_lane(now);
        out_.wake();
    }
}

void applier::forget_shapes() {
    if (shapes_.is_dropped()) return;
    shapes_.drop();
    tell_catalogue_changed();
}

void applier::on_other_catalogue(time_point now) {
    forget_shapes();
    renew_lane(now);
    out_.wake();
}

/// What the lane's connection has kept of statements is of an older catalogue. Writes that are under way go first:
/// their batch checks for itself whether it may commit.
void applier::renew_lane(time_point now) {
    if (state_ != lane_state::open || draining_ || !shapes_.is_dropped() || batches_.is_busy()) return;
    state_ = lane_state::connecting;
    out_.push(action::disconnect{});
    batches_.lost(now);
    connect();
}

lane_actions applier::lost(connection_id which, error why, time_point now) {
    if (state_ == lane_state::closed) return take();
    if (which.is_lane()) {
        lose_lane(std::move(why), now);
    } else {
        sessions_.lost(which, why, now);
    }
    settle_draining(now);
    return take();
}

void applier::lose_lane(error why, time_point now) {
    state_ = lane_state::connecting;
    const bool repeated = std::exchange(trouble_, trouble::of(why)) == trouble_;
    out_.push(action::disconnect{});
    out_.push(action::lost{std::move(why), repeated});
    batches_.lost(now);
    move_apart(now);
    if (draining_) return settle_draining(now);
    out_.wake();
    out_.push(action::reconnect_after{{}, reconnects_.next()});
}

lane_actions applier::left_behind(const error& why, time_point now) {
    if (state_ == lane_state::closed) return take();
    for (const auto& one : sessions_.all()) sessions_.lost(one.id, why, now);
    if (state_ == lane_state::open) lose_lane(why, now);
    settle_draining(now);
    return take();
}

lane_actions applier::silent(connection_id which) {
    if (!which.is_lane()) {
        sessions_.silent(which);
    } else if (batches_.is_busy() && state_ == lane_state::open) {
        out_.push(action::probe{{}, batches_.last_round()});
    }
    return take();
}

/// The lane waits for no lock for long: what it cannot have at once runs in a session.
lane_actions applier::waits(connection_id which) {
    if (const auto* on = sessions_.find(which)) locks_.ask(*on);
    return take();
}

lane_actions applier::blocked(connection_id which, std::uint64_t asked_at, std::optional<lock_holder> by,
                              time_point now) {
    if (auto* on = sessions_.find(which)) locks_.found(*on, asked_at, std::move(by), now);
    return take();
}

lane_actions applier::probed(connection_id which, std::uint64_t asked_at, const result<>& alive, time_point now) {
    if (!which.is_lane()) {
        sessions_.probed(which, asked_at, alive, now);
        settle_draining(now);
        return take();
    }
    const bool concerns_us = asked_at == batches_.last_round() && batches_.is_busy() && state_ == lane_state::open;
    if (!concerns_us) return take();
    if (!alive) {
        lose_lane(
            {errc::database_unreachable, "a batch has no answer and a new connection fails: " + alive.error().message,
             alive.error().sqlstate},
            now);
    } else if (now >= batches_.limit()) {
        lose_lane({errc::database_unreachable,
                   "a batch has no answer though all its time-outs have ended; look for its backend in "
                   "pg_stat_activity"},
                  now);
    }
    return take();
}

lane_actions applier::judged(const std::string& shape, result<sql::judgement> what, time_point now) {
    if (!shapes_.judged(shape, std::move(what), now)) tell_catalogue_changed();
    if (state_ != lane_state::closed) {
        look_again(now);
        renew_lane(now);
        out_.wake();
    }
    return take();
}

void applier::tell_catalogue_changed() {
    ++counters_.catalogue_changes;
    out_.push(action::catalogue_changed{});
    sessions_.renew();
}

lane_actions applier::sweep() {
    if (state_ != lane_state::closed) batches_.sweep();
    return take();
}

lane_actions applier::drain(time_point now) {
    if (state_ == lane_state::closed) {
        out_.push(action::drained{});
        return take();
    }
    draining_ = true;
    batches_.stop();
    sessions_.stop();
    hand_back_queues("this node is giving up leadership");
    settle_draining(now);
    return take();
}

void applier::hand_back_queues(const std::string& message) {
    batches_.hand_back_queue(errc::not_leader, message);
    sessions_.hand_back_queue(errc::not_leader, message);
}

void applier::settle_draining(time_point now) {
    const bool is_over = draining_ && state_ != lane_state::closed && !batches_.is_busy() && !sessions_.is_busy();
    if (is_over) shut(now);
}

lane_actions applier::close(time_point now) {
    if (state_ != lane_state::closed) shut(now);
    return take();
}

/// The database knows a newer term.
void applier::fall(std::optional<fence_record> by, time_point now) {
    const bool tells = !draining_;
    shut(now);
    if (tells) out_.push(action::fenced{std::move(by)});
}

void applier::shut(time_point now) {
    assert(state_ != lane_state::closed);
    state_ = lane_state::closed;
    out_.push(action::disconnect{});
    batches_.lost(now);
    move_apart(now);
    sessions_.shut();
    hand_back_queues("this node leads no longer");
    if (draining_) out_.push(action::drained{});
}

}  // namespace penholder::lane
