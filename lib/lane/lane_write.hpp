#pragma once

#include "model/ids.hpp"
#include "model/ticket.hpp"
#include "model/write_answer.hpp"
#include "write/checked_write.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace penholder::lane {

/// A write on its way through a lane, which answers it exactly once.
struct lane_write {
    penholder::ticket ticket;  ///< Names it in the lane's answer.
    checked_write what;
    origin_mark mark;  ///< The origin's; used where a node gave the id.
    std::chrono::steady_clock::time_point deadline;
    bool again = true;  ///< An earlier attempt may have been applied. False only where its origin knows better.
};

/// The answer to a write: a receipt or handed_back with not_leader, overloaded, deadline_expired, database_unreachable
/// or shutting_down; in_flight with in_flight; in_doubt with outcome_unknown, or with receipt_expired where the ledger
/// no longer knows.
struct lane_answer {
    penholder::ticket ticket;
    write_answer said;
};

enum class lane_state { connecting, open, closed };

/// Since the lane was opened.
struct lane_counters {
    /// Of the ledger.
    struct ledger_rows {
        std::uint64_t recorded = 0;   ///< Keys.
        std::uint64_t forgotten = 0;  ///< Keys and origins, after their retention.
    };

    std::uint64_t committed = 0;
    std::uint64_t rejected = 0;
    std::uint64_t replayed = 0;
    std::uint64_t in_doubt = 0;
    std::uint64_t overloaded = 0;
    std::uint64_t batches = 0;                            ///< Committed ones.
    std::uint64_t batched_writes = 0;                     ///< Writes in them: the mean batch size is the quotient.
    std::uint64_t savepoint_batches = 0;                  ///< Batches out of which a failed write was taken.
    std::uint64_t connects = 0;                           ///< The lane's.
    std::uint64_t session_writes = 0;                     ///< Writes that took a session.
    std::map<std::string, std::uint64_t> not_plain = {};  ///< The same, by one word for why; few words.
    std::size_t sessions_open = 0;                        ///< Connections of sessions now.
    std::uint64_t suspects_blamed = 0;  ///< Writes that were rejected because their connection ended twice.
    std::uint64_t catalogue_changes = 0;
    std::uint64_t lock_waits = 0;  ///< Writes that waited for a lock of somebody outside, once for each holder.
    ledger_rows ledger;

    /// A write was answered so.
    void count(const write_answer& said) noexcept {
        if (said.verdict == write_verdict::in_doubt) ++in_doubt;
        if (said.verdict != write_verdict::decided) return;
        ++(said.receipt.replayed ? replayed : said.receipt.outcome == outcome::committed ? committed : rejected);
    }
};

}  // namespace penholder::lane
