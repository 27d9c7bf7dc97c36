#pragma once

#include "support/postgres_server.hpp"
#include "support/zookeeper_server.hpp"

#include <penholder/options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace penholder::bench {

/// What every contender stands on: the same servers, the same hot row.
struct ground {
    testing::zookeeper_ensemble& ensemble;
    testing::postgres_server& postgres;
    std::string database;
    std::chrono::milliseconds length;

    options node_options(std::size_t index) const;
    std::int64_t hot_row() const;  ///< How often the hot row was decremented.
};

/// What one contender did in one round.
struct run_result {
    double writes_per_second = 0;
    std::int64_t acknowledged = 0;
    std::int64_t found = 0;  ///< In the database; anything else than `acknowledged` is a wrong result.
    std::vector<double> latencies_us;
};

/// `writers` connections, each in autocommit with a prepared statement: what most services do.
run_result direct_writes(const ground& on, std::size_t writers);

/// Three nodes; `writers` callers on the two followers, so that every write crosses a link.
run_result forwarded_writes(const ground& on, std::size_t writers, bool keyed);

/// How long a client of a follower sees no commit while the leader hands over, in milliseconds, once per handover.
std::vector<double> handover_pauses(const ground& on, std::size_t writers, std::size_t handovers);

/// What an idle `penholderd` costs.
struct footprint {
    std::string role;
    double cpu_percent = 0;
    double rss_mib = 0;
};
std::vector<footprint> idle_footprints(const ground& on, std::chrono::seconds length);

}  // namespace penholder::bench
