#pragma once

#include "base/ids.hpp"
#include "base/write_answer.hpp"
#include "fence_record.hpp"

#include <penholder/options.hpp>
#include <penholder/receipt.hpp>
#include <penholder/write.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace penholder::postgres {

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

/// What a lane tells its owner, posted on the executor. No event comes after `close`, nor after `drain` has completed.
struct lane_events {
    std::function<void()> on_open;                ///< Connected under our term; after every reconnect again.
    std::function<void()> on_first_commit;        ///< A batch with writes in it was committed, the first of this lane.
    std::function<void(error)> on_lost;           ///< The connection was lost, or could not be made; it is tried again.
    std::function<void(fence_record)> on_fenced;  ///< The database refused our term: step down. The lane is closed.
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

class lane_core;

/// One database connection that applies batches under one term and no other. Owned by the node's group; every call and
/// every callback is on the executor it was opened with. It reconnects by itself, never silently: writes that wait do
/// so up to their deadlines, writes in flight are handed back or in doubt, as the truth may be.
class lane {
public:
    explicit lane(std::shared_ptr<lane_core> core);
    ~lane();  ///< As `close`.
    lane(lane&&) noexcept;
    lane& operator=(lane&&) noexcept;

    void submit(lane_write what);

    /// Hands queued writes back (not_leader), finishes the batch in flight, closes, and then calls `done`.
    void drain(std::function<void()> done);

    /// At once: queued writes are handed back (not_leader), those in flight are handed back or in doubt.
    void close();

    penholder::term term() const noexcept;
    lane_state state() const noexcept;
    std::size_t queued() const noexcept;     ///< Writes that wait for a batch.
    std::size_t in_flight() const noexcept;  ///< Writes in the current batch.
    const lane_counters& counters() const noexcept;

private:
    std::shared_ptr<lane_core> core_;
};

}  // namespace penholder::postgres
