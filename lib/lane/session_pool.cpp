#include "session_pool.hpp"

#include "batch_commands.hpp"
#include "sql/sqlstate.hpp"
#include "unfit_connection.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace penholder::lane {
namespace {

using namespace std::chrono_literals;

constexpr auto first_reconnect_pause = 20ms;
constexpr auto longest_reconnect_pause = 1000ms;

}  // namespace

session_pool::session_pool(const group_options& group, term held, surroundings around)
    : group_(group), held_(held), around_(around), queue_(group, std::max<std::size_t>(group.sessions_max, 1)) {
    const auto most = std::max<std::size_t>(group.sessions_max, 1);
    for (std::size_t number = 1; number <= most; ++number) {
        sessions_.push_back(
            {{static_cast<int>(number)}, {first_reconnect_pause, longest_reconnect_pause, held.value + number}});
    }
}

// Writes that wait.

std::optional<error> session_pool::full(std::size_t bytes) const {
    return queue_.full(bytes, around_.taken.bytes(), in_flight());
}

void session_pool::add(queued_write one, time_point now) {
    queue_.add(std::move(one), now);
    around_.out.wake();
}

std::vector<queued_write> session_pool::take_unjudged(time_point now) {
    const auto look = [](const queued_write& one) {
        return one.unjudged.empty() ? write_queue::fate::pass : write_queue::fate::leave;
    };
    return queue_.take(now, look).left;
}

void session_pool::hand_back_queue(errc code, const std::string& message) {
    around_.taken.hand_back(queue_.take_all(), code, message);
}

void session_pool::expire(const trouble& waited_for, time_point now) {
    around_.taken.hand_back_late(queue_.take_expired(now), trouble_.empty() ? waited_for : trouble_);
    for (auto& one : sessions_) {
        if (one.due() <= now) one.is_running() ? end_late(one) : close(one);
    }
}

/// A COMMIT that was not sent did not happen.
void session_pool::end_late(session& on) {
    around_.out.push(action::terminate{on.id});
    auto& one = on.run->write();
    one.doubtful = one.doubtful || on.run->commit_sent();
    around_.taken.hand_back(one, errc::deadline_expired,
                            "the write's deadline ended while it was running; it was rolled back" + one.trouble_text());
    on.run.reset();
    on.doing = session::state::absent;
    count_open();
    around_.out.wake();
}

// What is under way.

bool session_pool::may_run(const queued_write& one, const session_load& now_running, bool lane_is_open) const {
    const bool is_large = one.large_answer || around_.shapes.may_have_large_answer(one.taken.what);
    return now_running.has_room_for(one, is_large) && (lane_is_open || one.given() == nullptr || !one.may_be_decided());
}

void session_pool::begin(bool lane_is_open, time_point now) {
    if (stopping_) return;
    for (const bool as_new : {false, true}) {
        for (auto& on : sessions_) {
            const bool fits = on.doing == session::state::idle && on.as_new == as_new;
            if (fits && !start_next(on, lane_is_open, now)) break;
        }
    }
    make_room(lane_is_open, now);
}

bool session_pool::leaves_nothing(const queued_write& one) const {
    return around_.shapes.leaves(one.taken.what) == sql::residue::nothing;
}

/// False where none of those that wait may run in such a session.
bool session_pool::start_next(session& on, bool lane_is_open, time_point now) {
    const session_load running(sessions_);
    const auto look = [&](const queued_write& one) {
        const bool runs = may_run(one, running, lane_is_open) && (on.as_new || leaves_nothing(one));
        return runs ? write_queue::fate::take : write_queue::fate::pass;
    };
    auto turn = queue_.take(now, look, 1);
    if (turn.taken.empty()) return false;
    start(on, std::move(turn.taken.front()), now);
    return true;
}

/// For each write that could run, a session that is cleaned for it, or one more where so many are allowed.
void session_pool::make_room(bool lane_is_open, time_point now) {
    const session_load running(sessions_);
    const auto fits = [&](const queued_write& one) {
        return one.judged_by <= now && may_run(one, running, lane_is_open);
    };
    auto wanted = queue_.ready(now, fits, sessions_.size());
    for (; wanted > 0 && first(session::state::idle) != nullptr; --wanted) clean(*first(session::state::idle), now);
    wanted -= std::min<std::size_t>(wanted, std::ranges::count(sessions_, session::state::connecting, &session::doing));
    for (; wanted > 0; --wanted) {
        auto* free = first(session::state::absent);
        if (free == nullptr) return;
        free->doing = session::state::connecting;
        around_.out.push(action::connect{free->id});
    }
}

void session_pool::start(session& on, queued_write one, time_point now) {
    auto settings = settings_of(group_, held_, on.id, around_.taken.clock());
    if (leaves_nothing(one)) settings.catalogue = around_.shapes.stamp();
    if (around_.shapes.may_have_large_answer(one.taken.what)) one.large_answer = true;
    if (!one.unjudged.empty()) around_.taken.count_session(std::exchange(one.unjudged, {}));
    one.judged_by = {};
    on.doing = session::state::running;
    on.since = now;
    auto& run = on.run.emplace(std::move(settings), std::move(one));
    auto first = run.begin(now);
    send(on, std::move(first), run.rows_bound());
}

void session_pool::send(session& on, round commands, std::size_t rows_bound) {
    ++on.round;
    around_.out.push(action::send{on.id, std::move(commands), rows_bound});
}

session_pool::seen session_pool::replied(connection_id which, std::vector<reply> replies, time_point now) {
    auto* on = find(which);
    if (on != nullptr && on->doing == session::state::cleaning) on_cleaned(*on, replies, now);
    if (on == nullptr || !on->is_running()) return {};
    auto next = on->run->on_replies(std::move(replies), now);
    if (!next) return finish(*on, now);
    send(*on, std::move(*next), on->run->rows_bound());
    return {};
}

session_pool::seen session_pool::finish(session& on, time_point now) {
    auto done = std::move(*on.run);
    on.run.reset();
    on.doing = session::state::idle;
    queue_.took(1, now - on.since);
    const auto ran = done.write().taken.what;
    const auto why = done.write().trouble;
    for (const auto& shape : done.returned_much()) around_.shapes.returned_much(shape, now);
    settle(done, now);
    if (done.fenced()) {
        close(on);
    } else if (done.needs_reconnect()) {
        lose(on, unfit_connection(why), now);
    } else if (done.left_nothing()) {
        on.as_new = false;
        make_idle(on, now);
    } else {
        clean_after(on, ran, now);
    }
    return {done.fenced(), done.stale()};
}

/// Answers the write, or has it wait for another turn. After a conflict it pauses a little.
void session_pool::settle(session_transaction& done, time_point now) {
    auto& one = done.write();
    const bool is_large = done.wants_room() || !done.returned_much().empty();
    if (done.committed()) around_.taken.worked(done.steps());
    if (one.large_answer) around_.shapes.had_answer(one.taken.what, is_large);
    if (auto given = done.take_answer()) return around_.taken.answer_from_session(one, std::move(*given));
    if (done.was_lost()) on_loss(one);
    if (stopping_) return around_.taken.hand_back(one, errc::not_leader, "this node is giving up leadership");
    const bool at_once = done.runs_again_at_once();
    if (!at_once && !sql::is_passing(one.trouble.sqlstate)) around_.taken.not_applied(one.trouble, now);
    if (!at_once) one.not_before = now + doubled(conflict_pause, longest_conflict_pause, one.tries++);
    std::vector<queued_write> again;
    again.push_back(std::move(one));
    queue_.requeue(std::move(again), now);
    around_.out.wake();
}

/// A suspect ran as the only one.
void session_pool::on_loss(queued_write& one) {
    if (!std::exchange(one.suspect, true)) return;
    one.condemn();
    ++around_.counters.suspects_blamed;
    around_.out.push(action::write_blamed{one.id(), one.trouble.message, one.trace_id()});
}

// Connections.

void session_pool::clean_after(session& on, const checked_write& ran, time_point now) {
    if (stopping_ || on.is_outdated || around_.shapes.leaves(ran) == sql::residue::unclean) return close(on);
    clean(on, now);
}

void session_pool::clean(session& on, time_point now) {
    on.doing = session::state::cleaning;
    on.since = now;
    send(on, {clean_session()}, group_.max_receipt_bytes);
}

void session_pool::on_cleaned(session& on, const std::vector<reply>& replies, time_point now) {
    if (!std::ranges::all_of(replies, &reply::done)) return close(on);
    on.as_new = true;
    make_idle(on, now);
}

void session_pool::make_idle(session& on, time_point now) {
    if (stopping_ || on.is_outdated) return close(on);
    on.doing = session::state::idle;
    on.since = now;
    around_.out.wake();
}

/// A server that was promoted without its last transactions has no fence at our term until the lane's next connection
/// raises it again.
session_pool::seen session_pool::connected(connection_id which, const opened& what, time_point now) {
    auto* on = find(which);
    if (on == nullptr || on->doing != session::state::connecting) return {};
    if (what.fence.record.term > held_) return {.newer_term = true};
    if (what.fence.record.term < held_) {
        lose(*on, {errc::database_unreachable, "the server has lost the fence's last change"}, now);
        return {};
    }
    on->pauses.reset();
    on->doing = session::state::idle;
    on->as_new = true;
    on->is_outdated = false;
    on->since = now;
    trouble_ = {};
    around_.taken.worked(purposes::only(purpose::other));
    count_open();
    around_.out.wake();
    return {};
}

void session_pool::close(session& on) {
    around_.out.push(action::disconnect{on.id});
    on.doing = session::state::absent;
    count_open();
    around_.out.wake();
}

void session_pool::lost(connection_id which, const error& why, time_point now) {
    auto* on = find(which);
    if (on == nullptr || !on->is_connected_or_will_be()) return;
    lose(*on, why, now);
}

/// One that was lost in use is made again when a write waits for it; one that could not be made, after a pause.
void session_pool::lose(session& on, const error& why, time_point now) {
    const bool could_not_be_made = on.doing == session::state::connecting;
    const bool repeated = std::exchange(trouble_, trouble::of(why)) == trouble_;
    around_.out.push(action::disconnect{on.id});
    around_.out.push(action::session_lost{on.id, why, repeated});
    on.doing = could_not_be_made ? session::state::pausing : session::state::absent;
    if (could_not_be_made) around_.out.push(action::reconnect_after{on.id, on.pauses.next()});
    if (could_not_be_made && queue_.size() > 0) around_.taken.not_applied(trouble::of(why), now);
    if (auto run = std::exchange(on.run, std::nullopt)) {
        run->write().trouble = trouble::of(why);
        run->on_lost();
        settle(*run, now);
    }
    count_open();
    around_.out.wake();
}

void session_pool::reconnect(connection_id which) {
    auto* on = find(which);
    if (on == nullptr || on->doing != session::state::pausing) return;
    on->doing = session::state::absent;
    around_.out.wake();
}

void session_pool::renew() {
    for (auto& one : sessions_) {
        one.is_outdated = true;
        if (one.doing == session::state::idle) close(one);
    }
}

void session_pool::silent(connection_id which) {
    const auto* on = find(which);
    if (on != nullptr && on->is_waited_for()) around_.out.push(action::probe{which, on->round});
}

/// Where the server is alive, the deadline ends the write.
void session_pool::probed(connection_id which, std::uint64_t asked_at, const result<>& alive, time_point now) {
    auto* on = find(which);
    if (alive || on == nullptr || on->round != asked_at || !on->is_waited_for()) return;
    lose(*on,
         {errc::database_unreachable, "a write has no answer and a new connection fails: " + alive.error().message},
         now);
}

/// A backend that is in the middle of something would keep the next leader waiting for its slot of the fence.
void session_pool::shut() {
    stopping_ = true;
    for (auto& on : sessions_) {
        if (auto run = std::exchange(on.run, std::nullopt)) {
            around_.out.push(action::terminate{on.id});
            auto& one = run->write();
            one.doubtful = one.doubtful || run->commit_sent();
            around_.taken.hand_back(one, errc::not_leader, "this node leads no longer");
        } else if (on.doing != session::state::absent) {
            around_.out.push(action::disconnect{on.id});
        }
        on.doing = session::state::absent;
    }
    count_open();
}

// What it has.

std::size_t session_pool::in_flight() const noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(sessions_, &session::is_running));
}

session_pool::time_point session_pool::due() const noexcept {
    auto first = queue_.due();
    for (const auto& one : sessions_) first = std::min(first, one.due());
    return first;
}

session* session_pool::find(connection_id which) {
    const auto found = std::ranges::find(sessions_, which, &session::id);
    return found == sessions_.end() ? nullptr : &*found;
}

session* session_pool::first(session::state doing) {
    const auto found = std::ranges::find(sessions_, doing, &session::doing);
    return found == sessions_.end() ? nullptr : &*found;
}

void session_pool::count_open() {
    around_.counters.sessions_open = static_cast<std::size_t>(std::ranges::count_if(sessions_, &session::is_open));
}

}  // namespace penholder::lane
