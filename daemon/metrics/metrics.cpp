#include "daemon/metrics/metrics.hpp"

#include "daemon/metrics/status_metrics.hpp"

#include <prometheus/text_serializer.h>

#include <sstream>

namespace penholder::daemon {
namespace {

constexpr auto write_seconds = "penholder_write_duration_seconds";
constexpr auto http_requests = "penholder_http_requests_total";

const prometheus::Histogram::BucketBoundaries seconds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                      0.1,    0.25,  0.5,    1,     2.5,  5,     10};

}  // namespace

metrics::metrics()
    : writes_(prometheus::BuildHistogram()
                  .Name(write_seconds)
                  .Help("From a write's arrival over HTTP to its answer.")
                  .Register(registry_)),
      requests_(prometheus::BuildCounter()
                    .Name(http_requests)
                    .Help("HTTP requests answered, by status.")
                    .Register(registry_)) {}

void metrics::write_answered(const std::string& group, outcome what, std::chrono::duration<double> took) {
    writes_.Add({{"group", group}, {"outcome", std::string(to_string(what))}}, seconds).Observe(took.count());
}

void metrics::request_answered(unsigned status) {
    requests_.Add({{"status", std::to_string(status)}}).Increment();
}

std::string metrics::render(const node_status& now) const {
    auto families = registry_.Collect();
    for (auto& family : status_metrics(now)) families.push_back(std::move(family));
    std::ostringstream text;
    prometheus::TextSerializer().Serialize(text, families);
    return text.str();
}

std::vector<std::string> metric_names() {
    auto names = status_metric_names();
    names.insert(names.end(), {write_seconds, http_requests});
    return names;
}

}  // namespace penholder::daemon
