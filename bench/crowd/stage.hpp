#pragma once

#include "crowd/crew.hpp"
#include "support/zookeeper_server.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace penholder::bench {

/// What is tried with a group of one size.
struct scale_shape {
    std::size_t nodes = 3;
    std::size_t kills = 10;
    std::size_t writers = 20;  ///< Nodes that have writes waiting when the leader dies.
    std::size_t joins = 5;
    int session_ms = 20000;
    bool roll = true;
    std::chrono::seconds patience{600};  ///< With all that is waited for.
};

/// What was found. Requests are those that the three servers of the ensemble received, without what an equal time
/// without any event costs.
struct scale_result {
    scale_shape shape;
    double start_s = 0;  ///< All nodes, one after the other in each worker, until all know who leads.
    double requests_to_start = 0;
    double idle_requests_per_s = 0;
    double requests_per_join = 0;
    double requests_per_leave = 0;
    double requests_per_change = 0;
    std::vector<double> pauses_ms;  ///< From SIGKILL to the first commit under the next term, each client at each kill.
    std::vector<double> followed_ms;  ///< From SIGKILL until an idle node knows that the next leader serves.
    double kib_per_node = 0;          ///< In a process with many.
    double kib_alone = 0;             ///< A process with one.
    double roll_s = 0;
    double requests_to_roll = 0;
    double longest_pause_of_roll_ms = 0;
};

/// A group of that many nodes on an ensemble of three. The leaders that are killed are processes of their own with one
/// node each and a higher priority; the others live many in a process.
class scale_stage {
public:
    scale_stage(testing::zookeeper_ensemble& ensemble, const std::string& database, scale_shape shape);

    scale_result measure();

private:
    void start_all();
    void count_idle();
    void join_and_leave();
    void kill_leaders();
    void kill_once();
    void lead_alone();
    void roll();
    void weigh();

    /// All of `everybody` know a serving leader of a later term than `after`, and are linked to it.
    void settle(std::uint64_t after = 0);
    worker& leading();
    std::vector<double> collect(const std::string& command, std::int64_t since);
    std::uint64_t requests() const;
    double above_idle(std::uint64_t since, std::int64_t since_ns) const;
    std::size_t count() const;
    std::size_t clients() const;
    void open_client(worker& of, std::uint64_t number);

    testing::zookeeper_ensemble& ensemble_;
    crew crew_;
    scale_result found_;
    std::vector<std::unique_ptr<worker>> all_;  ///< The first three host one node each.
    double empty_kib_ = 0;
    std::uint64_t term_ = 0;
};

}  // namespace penholder::bench
