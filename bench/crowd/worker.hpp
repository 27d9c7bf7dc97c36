#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace penholder::bench {

/// What a worker's nodes have in common.
struct worker_plan {
    std::uint16_t conductor = 0;  ///< Where its commands come from, on loopback.
    std::string hosts;            ///< Of the ensemble.
    std::string database;
    int session_ms = 20000;
    int priority = 0;
};

/// What the machine's steady clock shows, as workers and conductor tell times to each other.
std::int64_t now_ns();

/// Hosts many nodes on one thread and does what the conductor says, until that hangs up. A command is a line, and so is
/// its answer. Times are nanoseconds of the machine's steady clock.
///
/// `start N` and `stop N`: node number N. `roll`: stops and starts each of them, one after the other. `hand-over N`:
/// the group gets node N as its leader. `write N`: a client of node N writes again and again. `knows T`: how many nodes
/// know a serving leader of a later term than T, the number of the one that leads here, or -1, and the newest term.
/// `heard T`: when each node that nobody writes through learned of that. `commits T`: when each client's first write
/// under a later term than T was committed. `gap S`: the longest time that a client went without a commit since S, in
/// nanoseconds. `links`: how many followers are linked to the leader here.
int work(const worker_plan& plan);

}  // namespace penholder::bench
