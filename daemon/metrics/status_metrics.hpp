#pragma once

#include <penholder/status.hpp>

#include <prometheus/metric_family.h>

#include <string>
#include <vector>

namespace penholder::daemon {

/// A node's status as metrics. Followers show the leader as they see it, so that alerts need no leader.
std::vector<prometheus::MetricFamily> status_metrics(const node_status& now);

std::vector<std::string> status_metric_names();

}  // namespace penholder::daemon
