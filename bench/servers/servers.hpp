#pragma once

#include "pgbouncer_server.hpp"
#include "redis_server.hpp"
#include "support/postgres_server.hpp"
#include "support/zookeeper_server.hpp"
#include "workloads/workload.hpp"

#include <chrono>
#include <optional>

namespace penholder::bench {

/// The servers that all contenders of a series stand on. Those that not every series needs start when first asked for.
class servers {
public:
    /// `commit_delay`: how much longer each flush of the write-ahead log takes than this machine's disk needs.
    explicit servers(std::chrono::milliseconds commit_delay);

    bench_database database() { return {postgres_, "bench"}; }
    testing::zookeeper_ensemble& ensemble();
    redis_server& redis();
    pgbouncer_server& pgbouncer();

    std::chrono::milliseconds commit_delay() const noexcept { return commit_delay_; }

    /// How long one small commit takes, from a connection that has nothing else to do: the median of many, in
    /// microseconds.
    double commit_us();

private:
    testing::temporary_directory directory_;
    std::chrono::milliseconds commit_delay_;
    testing::postgres_server postgres_;
    std::optional<testing::zookeeper_ensemble> ensemble_;
    std::optional<redis_server> redis_;
    std::optional<pgbouncer_server> pgbouncer_;
};

}  // namespace penholder::bench
