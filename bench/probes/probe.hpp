#pragma once

#include "report/results.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace penholder::bench {

/// Something that is measured without contenders.
struct probe {
    std::string name;
    std::string title;
    std::vector<figure> (*run)(bool quick);
};

std::vector<figure> link_alone(bool quick);
std::vector<figure> handovers(bool quick);
std::vector<figure> overload(bool quick);
std::vector<figure> sweeping(bool quick);
std::vector<figure> idle_nodes(bool quick);
std::vector<figure> thousand_groups(bool quick);

const std::vector<probe>& all_probes();

}  // namespace penholder::bench
