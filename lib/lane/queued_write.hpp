#pragma once

#include "lane_write.hpp"
#include "lock_holder.hpp"
#include "trouble.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace penholder::lane {

/// After a conflict a write rests: the first time so long, then twice as long each time.
inline constexpr std::chrono::milliseconds conflict_pause{5};
inline constexpr std::chrono::milliseconds longest_conflict_pause{200};

/// A write of which nobody knows yet whether it is plain waits so long for that before a connection is made for it.
inline constexpr std::chrono::milliseconds longest_judging{100};

/// A write that was taken and not answered, with what was learned about it.
struct queued_write {
    lane_write taken;
    std::string fingerprint = {};                        ///< Of keyed writes only.
    std::vector<std::string> stamped_tables = {};        ///< See sql::plainness; of one that takes the lane.
    std::vector<std::string> new_stamped_tables = {};    ///< The same.
    std::vector<std::string> deleted_tables = {};        ///< The same.
    std::uint64_t plain_as_of = 0;                       ///< By which state of what is known of shapes.
    std::string unjudged = {};                           ///< In a word why nobody knows yet which way it takes.
    std::chrono::steady_clock::time_point judged_by{};   ///< Or it takes a session.
    bool doubtful = false;                               ///< An earlier COMMIT of it went unanswered.
    bool suspect = false;                                ///< Its connection was lost while it ran.
    std::chrono::steady_clock::time_point not_before{};  ///< After a conflict.
    int tries = 0;                                       ///< That ended with a conflict.
    int losses = 0;                                      ///< Connections of the lane that were lost with it.
    bool large_answer = false;                           ///< Its rows want more room than all sessions have at once.
    lane::trouble trouble = {};                          ///< Why the last try came to nothing.
    std::optional<lock_holder> waits_for = {};           ///< By what was found out last.
    std::optional<reason> condemned = {};                ///< It is rejected, and that is to be recorded.

    const std::string& id() const noexcept { return taken.what.id().text(); }
    const origin_write_id* given() const noexcept { return taken.what.id().given(); }
    const std::vector<statement>& statements() const noexcept { return taken.what.statements(); }
    const std::string& trace_id() const noexcept { return taken.what.what().trace_id(); }
    std::size_t bytes() const noexcept { return taken.what.bytes(); }
    std::chrono::steady_clock::time_point deadline() const noexcept { return taken.deadline; }

    /// An earlier attempt may have been applied: the ledger is to be asked.
    bool may_be_decided() const noexcept { return given() == nullptr || taken.again || doubtful; }

    /// What it waits for, as the end of a sentence; empty where nobody outside is known to keep it waiting.
    std::string wait_text() const { return waits_for ? "; it " + waiting_for(*waits_for) : std::string(); }

    /// What it ran into last and what it waits for, as the end of a sentence.
    std::string trouble_text() const { return (trouble.empty() ? "" : ": " + trouble.message) + wait_text(); }

    /// A second connection was lost while it ran, as the only suspect.
    void condemn() {
        const auto how = trouble.empty() ? "" : " (" + trouble.message + ")";
        suspect = false;
        condemned =
            reason{errc::statement_failed,
                   "the connection to the database ended twice while this write ran" + how + "; it is not run again",
                   trouble.sqlstate,
                   {}};
    }
};

}  // namespace penholder::lane
