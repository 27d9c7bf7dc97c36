#pragma once

#include <string>
#include <utility>
#include <vector>

namespace penholder::bench {

/// Processor, memory, system and the versions of all that is measured.
std::vector<std::pair<std::string, std::string>> describe_machine();

/// How fast this machine is at this moment: rounds of a fixed calculation in a millisecond. Where it varies, others use
/// the machine or the machine varies.
double pace_of_this_moment();

/// For how long the processors were not idle since the machine was started, and how long that is, in seconds.
struct processor_time {
    double busy = 0;
    double all = 0;
};
processor_time processors_so_far();

}  // namespace penholder::bench
