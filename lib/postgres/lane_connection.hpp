#pragma once

#include "lane/lane_write.hpp"
#include "model/fence_record.hpp"
#include "model/ids.hpp"

#include <penholder/error.hpp>
#include <penholder/status.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace penholder::postgres {

/// What a lane tells its owner, posted on the executor. But for answers no event comes after `close`, nor after `drain`
/// has completed.
struct lane_events {
    std::function<void(std::vector<lane::lane_answer>)> on_answers;  ///< Each write once, those of a batch together.
    /// Connected under our term, whose fence was raised there; after every reconnect again.
    std::function<void(fence_raise)> on_open;
    std::function<void()> on_first_commit;        ///< A batch with writes in it was committed, the first of this lane.
    std::function<void(error)> on_lost;           ///< The connection was lost, or could not be made; it is tried again.
    std::function<void(fence_record)> on_fenced;  ///< The database refused our term: step down. The lane is closed.
};

class lane_core;

/// One database connection that applies batches under one term and no other: its owner's handle, which closes the lane
/// when it goes, while handlers of the executor may keep the lane's core for a little longer. Owned by the node's
/// group; every call and every callback is on the executor it was opened with. It reconnects by itself, never silently:
/// writes that wait do so up to their deadlines, writes in flight are handed back or in doubt, as the truth may be.
class lane_connection {
public:
    explicit lane_connection(std::shared_ptr<lane_core> core);
    ~lane_connection();  ///< As `close`.
    lane_connection(lane_connection&&) noexcept;
    lane_connection& operator=(lane_connection&&) noexcept;

    void submit(lane::lane_write what);

    /// Hands queued writes back (not_leader), finishes the batch in flight, closes, and then calls `done`.
    void drain(std::function<void()> done);

    /// At once: queued writes are handed back (not_leader), those in flight are handed back or in doubt.
    void close();

    penholder::term term() const noexcept;
    lane::lane_state state() const noexcept;
    /// Whether a write of that id was submitted and not answered.
    bool holds(const std::string& id) const;
    std::size_t queued() const noexcept;                       ///< Writes that wait for a batch.
    std::size_t in_flight() const noexcept;                    ///< Writes in the current batch.
    std::chrono::milliseconds expected_wait() const noexcept;  ///< Of a write that came now, for its answer.
    const lane::lane_counters& counters() const noexcept;
    std::vector<lock_wait> lock_waits() const;  ///< Of writes that run now, for locks of somebody outside.

    /// Why writes are not applied though the database can be reached, where that has lasted for some seconds.
    std::optional<std::string> outage() const;

    /// Why the ledger's last sweep failed; empty where it did not.
    const std::string& sweep_trouble() const noexcept;

private:
    std::shared_ptr<lane_core> core_;
};

}  // namespace penholder::postgres
