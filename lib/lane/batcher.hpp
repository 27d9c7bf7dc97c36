#pragma once

#include "batch.hpp"
#include "batch_pacing.hpp"
#include "intake.hpp"
#include "lane_outbox.hpp"
#include "plain_shapes.hpp"
#include "statement_notes.hpp"
#include "sweep.hpp"
#include "sweep_pacing.hpp"
#include "write_queue.hpp"

#include <penholder/options.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace penholder::lane {

/// Turns the plain writes that wait into transactions of the lane, over a connection that is open: which writes share a
/// batch, when it begins, and how each write is answered. While many writes wait, the next batch is begun behind the
/// COMMIT of the one before it; if that fails, the next one is abandoned, for it must not be the first to commit. A
/// batch takes only what is known to be plain when it begins; what the lane is not for is set apart, for a session.
///
/// Owned by the applier, which says when there is a connection: `begin` and `replied` are called only while it is open,
/// the others at any time, and what was set apart is taken after each of them. What always holds: a write that was
/// added is answered or set apart exactly once; a sweep is never under way beside a batch. Actions go to the applier's
/// outbox, and what it counts to the applier's counters.
class batcher {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// Where its answers and actions go, what it counts into, and what knows which writes are plain.
    struct surroundings {
        lane_outbox& out;
        lane_counters& counters;
        intake& taken;
        plain_shapes& shapes;
    };
    batcher(const group_options& group, term held, surroundings around);

    /// Why one more write of this size must not wait here, if so. Errors: overloaded.
    std::optional<error> full(std::size_t bytes) const;

    /// A plain write that the intake holds.
    void add(queued_write one, time_point now);

    /// Begins what can be begun.
    void begin(time_point now);

    /// A transaction that ended says this about the connection.
    struct ended {
        bool fenced = false;  ///< The database knows a newer term.
        bool stale = false;   ///< Its catalogue is another than the lane's.
        bool needs_reconnect = false;
        lane::trouble trouble = {};  ///< Why it needs one, where a command of ours failed.
    };

    /// What the database answered to the oldest round. Nothing while the transaction goes on.
    std::optional<ended> replied(std::vector<reply> replies, time_point now);

    /// The connection is gone: what was under way is over, and its writes wait, are set apart or have their answers.
    void lost(time_point now);

    /// A new connection: what the ledger holds is not known any more, and the catalogue is this one.
    void connected(sql::catalogue_stamp catalogue);

    /// The ledger is to be swept: a step before the next batch, and more of them between batches where there is more.
    void sweep();

    /// Begins nothing any more; what is under way goes on.
    void stop() { stopping_ = true; }

    /// Answers what is too late; `waited_for` says what it waited for, if known.
    void expire(const trouble& waited_for, time_point now);
    void hand_back_queue(errc code, const std::string& message);

    /// A write that is to run in a session, and in one word why.
    struct set_apart {
        queued_write one;
        std::string why;
    };
    std::vector<set_apart> take_apart() { return std::exchange(apart_, {}); }

    bool is_busy() const noexcept { return under_way_.batch || under_way_.sweep; }
    std::size_t queued() const noexcept { return queue_.size(); }
    std::size_t in_flight() const noexcept;
    std::chrono::milliseconds expected_wait() const { return queue_.expected_wait(in_flight()); }

    /// The number of the last round that was sent, and when even a server that answers others has had its time for it.
    std::uint64_t last_round() const noexcept { return under_way_.round; }
    time_point limit() const noexcept { return under_way_.limit; }

    /// When `begin` is to be called at the latest.
    time_point due() const noexcept { return std::min(queue_.due(), sweeps_.due()); }

private:
    /// What was sent and has no answer.
    struct work {
        std::optional<lane::batch> batch;
        std::optional<lane::batch> next;   ///< Begun behind the COMMIT of `batch`.
        std::optional<lane::sweep> sweep;  ///< Never beside a batch.
        int ignored_replies = 0;           ///< Rounds of an abandoned batch whose replies are still to come,
        std::set<std::string> abandoned;   ///< and the ids of its writes, where they may be running.
        std::uint64_t round = 0;
        time_point limit{};
    };

    /// What the lane has learned. The origins are true while only our term writes and every batch commits.
    struct memory {
        origin_cache origins;
        statement_notes notes;
        sql::catalogue_stamp catalogue;
        int expect_failures = 0;  ///< For so many batches more.
    };

    batch_settings settings() const;
    void send(round commands, std::size_t rows_bound);
    void note_limit(const std::vector<queued_write>& writes, time_point now);
    std::vector<queued_write> take_turn(time_point now);
    void start_batch(std::vector<queued_write> writes, time_point now);
    void start_next_batch(time_point now);
    void start_sweep(time_point now);
    void abandon_next_batch(bool lost, time_point now);
    std::optional<ended> batch_replied(std::vector<reply> replies, time_point now);
    ended finish_batch(time_point now);
    ended finish_sweep(time_point now);
    void settle(batch& done, time_point now);

    const group_options& group_;
    term held_;
    surroundings around_;
    write_queue queue_;
    batch_pacing pacing_;
    memory memory_;
    work under_way_;
    std::vector<set_apart> apart_;
    sweep_pacing sweeps_;
    bool stopping_ = false;
};

}  // namespace penholder::lane
