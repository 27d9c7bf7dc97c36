#pragma once

#include "connection_id.hpp"
#include "intake.hpp"
#include "lane_outbox.hpp"
#include "opened.hpp"
#include "plain_shapes.hpp"
#include "session.hpp"
#include "session_load.hpp"
#include "session_transaction.hpp"
#include "write_queue.hpp"

#include <penholder/options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace penholder::lane {

/// The sessions: connections that are made when writes wait for them, each for one transaction at a time, and the queue
/// of those writes. After each transaction a connection is cleaned, or closed where nothing cleans it. One in which
/// nothing can have been left is kept as it is for more writes that leave nothing, and cleaned before any other.
///
/// Writes with large answers run one at a time: which these are shows when one brings more than its share of rows, and
/// then it runs again as one of them.
///
/// A write whose connection was lost while it ran is a suspect: of all suspects one runs at a time, so that the others
/// go on, and when it loses a connection a second time it is rejected and runs no more. A write is ended at its
/// deadline, with its backend where it must be.
///
/// Owned by the applier, which says when sessions may be used. Every event is legal at every moment; a session that a
/// late event does not concern ignores it.
class session_pool {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// Where its answers and actions go, what they count into, and what tells how to clean.
    struct surroundings {
        lane_outbox& out;
        lane_counters& counters;
        intake& taken;
        plain_shapes& shapes;
    };
    session_pool(const group_options& group, term held, surroundings around);

    /// Why one more write of this size must not wait here, if so. Errors: overloaded.
    std::optional<error> full(std::size_t bytes) const;

    /// A write that the intake holds.
    void add(queued_write one, time_point now);

    /// Those of which nobody knew whether they are plain. They run in a session that is free, but none is made for them
    /// before their time.
    std::vector<queued_write> take_unjudged(time_point now);

    /// Begins what can be begun, and makes connections for what waits. Where the lane is not open, a write of which an
    /// attempt in the lane may not be over waits on.
    void begin(bool lane_is_open, time_point now);

    /// What a connection or a transaction has shown.
    struct seen {
        bool newer_term = false;       ///< The database knows one.
        bool other_catalogue = false;  ///< Than that by which a write was to leave nothing.
    };
    seen connected(connection_id which, const opened& what, time_point now);
    seen replied(connection_id which, std::vector<reply> replies, time_point now);

    void lost(connection_id which, const error& why, time_point now);
    void reconnect(connection_id which);

    /// The catalogue is another, and settings of roles may be: connections are made anew, when they are done.
    void renew();

    void silent(connection_id which);
    void probed(connection_id which, std::uint64_t asked_at, const result<>& alive, time_point now);

    /// Answers what is too late, and ends what runs too long; `waited_for` says what all wait for, if known.
    void expire(const trouble& waited_for, time_point now);

    /// Begins nothing any more; what is under way goes on.
    void stop() { stopping_ = true; }
    void hand_back_queue(errc code, const std::string& message);

    /// Closes all connections; what was under way has its answer.
    void shut();

    session* find(connection_id which);  ///< Null where there is none of that number.
    const std::vector<session>& all() const noexcept { return sessions_; }
    bool is_busy() const noexcept { return in_flight() > 0; }
    std::size_t queued() const noexcept { return queue_.size(); }
    std::size_t in_flight() const noexcept;

    /// When `expire` and `begin` are to be called at the latest.
    time_point due() const noexcept;

private:
    session* first(session::state doing);
    bool leaves_nothing(const queued_write& one) const;
    bool may_run(const queued_write& one, const session_load& now_running, bool lane_is_open) const;
    bool start_next(session& on, bool lane_is_open, time_point now);
    void make_room(bool lane_is_open, time_point now);
    void start(session& on, queued_write one, time_point now);
    void send(session& on, round commands, std::size_t rows_bound);
    seen finish(session& on, time_point now);
    void settle(session_transaction& done, time_point now);
    void on_loss(queued_write& one);
    void clean_after(session& on, const checked_write& ran, time_point now);
    void clean(session& on, time_point now);
    void on_cleaned(session& on, const std::vector<reply>& replies, time_point now);
    void make_idle(session& on, time_point now);
    void close(session& on);
    void lose(session& on, const error& why, time_point now);
    void end_late(session& on);
    void count_open();

    const group_options& group_;
    term held_;
    surroundings around_;
    write_queue queue_;
    std::vector<session> sessions_;
    trouble trouble_;  ///< Why the last connection was lost or could not be made; empty since one was made.
    bool stopping_ = false;
};

}  // namespace penholder::lane
