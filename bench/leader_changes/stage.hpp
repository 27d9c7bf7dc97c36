#pragma once

#include "integration/cluster/sidecar.hpp"
#include "support/postgres_server.hpp"
#include "support/zookeeper_server.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace penholder::bench {

/// How a leader goes.
enum class departure {
    sigkill,   ///< Its process is killed.
    sigterm,   ///< It is asked to end, and hands over first.
    handover,  ///< An operator asks for a handover.
    sigstop,   ///< Its process is frozen: nothing proves it dead but its session's end.
    quorum,    ///< It does not go: two of the ensemble's three servers are killed.
};

/// Three real `penholderd` on a three-server ensemble and one PostgreSQL, with a client in a tight loop at each
/// follower.
class failover_stage {
public:
    failover_stage(testing::zookeeper_ensemble& ensemble, testing::postgres_server& postgres, int session_ms);

    /// Lets the leader go once, and answers the pause in milliseconds, the longer of both clients'. Afterwards all
    /// three run again.
    double pause(departure how);

    /// How the last change went, in the words of the leader that it made.
    const std::string& timeline() const noexcept { return timeline_; }

private:
    std::size_t settled_leader();
    void let_go(std::size_t leader, departure how);
    void bring_back(std::size_t leader, departure how);
    std::uint64_t term_at(std::size_t index);
    std::string find_timeline(std::uint64_t after);

    testing::zookeeper_ensemble& ensemble_;
    std::vector<std::unique_ptr<testing::sidecar>> sidecars_;
    int session_ms_;
    std::string timeline_;
};

}  // namespace penholder::bench
