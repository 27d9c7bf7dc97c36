#pragma once

#include "cli/nodes/node_client.hpp"
#include "zookeeper/group_view.hpp"

#include <penholder/error.hpp>
#include <penholder/status.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace penholder::cli {

/// What one node said of itself, or why it said nothing.
struct node_report {
    std::string url;
    std::optional<node_status> status;
    std::string date;  ///< Of its answer, as HTTP has it: in whole seconds.
    std::chrono::system_clock::time_point asked_at;
    std::chrono::system_clock::time_point answered_at;
    error why;  ///< Set where there is no status.
};

/// Everything that was found out at one moment, as it was found: nothing is concluded from it yet.
struct survey {
    bool ensemble_asked = false;
    std::optional<error> ensemble_trouble;  ///< Set where the ensemble was asked and did not answer.
    std::chrono::milliseconds ensemble_latency{0};
    std::vector<zookeeper::group_view> groups;
    std::vector<node_report> nodes;

    bool ensemble_reached() const noexcept { return ensemble_asked && !ensemble_trouble; }
    bool node_reached() const noexcept;
    const node_report* report_from(const std::string& url) const noexcept;
};

}  // namespace penholder::cli
