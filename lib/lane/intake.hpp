#pragma once

#include "base/wall_clock.hpp"
#include "lane_outbox.hpp"
#include "lane_write.hpp"
#include "queued_write.hpp"
#include "write_outage.hpp"

#include <penholder/error.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace penholder::lane {

/// The writes that were taken and not answered, on whichever way they are: the one place that knows their ids, and
/// through which each is answered. Pure; owned by the applier.
///
/// An id that is held stays held through batches, sessions and further tries until its answer: no two writes of one id
/// are under way. A write of which a COMMIT went unanswered is never handed back: its outcome is unknown.
class intake {
public:
    using time_point = std::chrono::steady_clock::time_point;

    intake(lane_outbox& out, lane_counters& counters) : out_(out), counters_(counters) {}
    intake(const intake&) = delete;
    intake& operator=(const intake&) = delete;

    bool holds(const std::string& id) const { return ids_.contains(id); }

    /// An attempt at it was answered in doubt under this term: a transaction that nobody waits for may still decide it.
    bool left_in_doubt(const queued_write& one) const;

    /// By which decisions are dated.
    const wall_clock& clock() const noexcept { return clock_; }
    void set_clock(const wall_clock& clock) noexcept { clock_ = clock; }

    bool empty() const noexcept { return ids_.empty(); }
    std::size_t bytes() const noexcept { return bytes_; }

    void take(const queued_write& one);

    /// Of one that is not taken.
    void refuse(const lane_write& what, write_verdict verdict, error why);

    /// It takes a session, in one word why.
    void count_session(const std::string& why);

    /// It was tried and waits on, for a reason that is not its own.
    void not_applied(const trouble& why, time_point now);

    /// A transaction has committed that had commands for all of these in it.
    void worked(purposes steps) { outage_.over(steps); }

    /// Why writes are not applied, all or those that need the command that fails, where it has lasted for some seconds.
    std::optional<std::string> outage(time_point now) const { return outage_.told(now); }

    /// A sweep of the ledger came to its end, or why it did not.
    void swept(const trouble& why_not) { sweep_trouble_ = why_not.message; }
    const std::string& sweep_trouble() const noexcept { return sweep_trouble_; }

    /// Its id and its room are free.
    void answer(queued_write& one, write_answer given);
    void answer_from_session(queued_write& one, write_answer given);
    void hand_back(queued_write& one, errc code, const std::string& message);
    void hand_back(std::vector<queued_write> writes, errc code, const std::string& message);

    /// Their deadlines have ended; `waited_for` says what all wait for, if known.
    void hand_back_late(std::vector<queued_write> writes, const trouble& waited_for);

private:
    void note_doubt(const std::string& id, write_verdict verdict);

    lane_outbox& out_;
    lane_counters& counters_;
    std::unordered_set<std::string> ids_;
    std::size_t bytes_ = 0;
    std::unordered_set<std::string> doubts_;
    write_outage outage_;
    std::string sweep_trouble_;  ///< Why the last sweep failed; empty where it did not.
    wall_clock clock_;
    bool has_decided_ = false;
    bool forgot_doubts_ = false;  ///< There were too many: any may be in doubt.
};

}  // namespace penholder::lane
