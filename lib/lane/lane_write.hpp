#pragma once

#include "model/ids.hpp"
#include "model/write_answer.hpp"

#include <penholder/write.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace penholder::lane {

/// A write on its way through a lane. `done` is called exactly once, posted on the lane's executor, with a receipt or:
/// handed_back with not_leader, overloaded, deadline_expired, database_unreachable, shutting_down, or malformed_write
/// and forbidden_statement (refused before anything was sent; final, but not recorded); in_flight with in_flight;
/// in_doubt with outcome_unknown, or with receipt_expired where the ledger no longer knows.
struct lane_write {
    std::string id;                        ///< The application's key, or `given->text()`.
    std::optional<origin_write_id> given;  ///< Set where a node gave the id.
    std::shared_ptr<const write> what;
    origin_mark mark;  ///< The origin's; used where `given` is set.
    std::chrono::steady_clock::time_point deadline;
    std::function<void(write_answer)> done;
};

enum class lane_state { connecting, open, closed };

/// Since the lane was opened.
struct lane_counters {
    std::uint64_t committed = 0;
    std::uint64_t rejected = 0;
    std::uint64_t replayed = 0;
    std::uint64_t in_doubt = 0;
    std::uint64_t overloaded = 0;
    std::uint64_t batches = 0;          ///< Committed ones.
    std::uint64_t batched_writes = 0;   ///< Writes in them: the mean batch size is the quotient.
    std::uint64_t careful_batches = 0;  ///< Batches run again with a savepoint per write.
    std::uint64_t connects = 0;
};

}  // namespace penholder::lane
