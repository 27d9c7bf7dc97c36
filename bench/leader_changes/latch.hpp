#pragma once

#include "support/process.hpp"
#include "support/temporary_directory.hpp"
#include "support/zookeeper_server.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace penholder::bench {

/// Three Java processes that contend for one Curator LeaderLatch on the same ensemble, for comparison. The program is
/// compiled with javac when the stage is set up.
class latch_stage {
public:
    latch_stage(testing::zookeeper_ensemble& ensemble, int session_ms);

    /// Sends `signal` to the leader, and answers the milliseconds until another contender is told that it leads.
    /// Afterwards three contend again.
    double pause(int signal);

private:
    void start(std::size_t index);
    std::size_t settled_leader();

    testing::temporary_directory folder_;
    std::string hosts_;
    int session_ms_;
    std::vector<std::unique_ptr<testing::process>> contenders_;
};

}  // namespace penholder::bench
