#pragma once

#include <penholder/receipt.hpp>
#include <penholder/status.hpp>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::daemon {

/// Everything that `/metrics` shows: what the daemon counted itself, and the node's status at the moment of asking.
/// Owned by `process`; used on the daemon's one thread.
class metrics {
public:
    metrics();

    void write_answered(const std::string& group, outcome what, std::chrono::duration<double> took);
    void request_answered(unsigned status);

    /// The text exposition format, version 0.0.4.
    std::string render(const node_status& now) const;

private:
    prometheus::Registry registry_;
    prometheus::Family<prometheus::Histogram>& writes_;
    prometheus::Family<prometheus::Counter>& requests_;
};

/// The names of all metrics, for the documentation's test.
std::vector<std::string> metric_names();

}  // namespace penholder::daemon
