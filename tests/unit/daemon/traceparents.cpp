#include "daemon/http/traceparent.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace penholder::daemon;

namespace {

const std::string traced = "4bf92f3577b34da6a3ce929d0e0e4736";
const std::string behind_trace = "-00f067aa0ba902b7-01";

}  // namespace

// The forms of https://www.w3.org/TR/trace-context/, 3.2.
TEST_CASE("a valid traceparent has a trace id") {
    CHECK(trace_id_in("00-" + traced + behind_trace) == traced);
    CHECK(trace_id_in("00-" + traced + "-00f067aa0ba902b7-ff") == traced);
    CHECK(trace_id_in("cc-" + traced + behind_trace) == traced);
    CHECK(trace_id_in("cc-" + traced + behind_trace + "-what-the-future-will-be-like") == traced);
}

TEST_CASE("one that is not as the standard wants it is ignored") {
    const std::string upper = "4BF92F3577B34DA6A3CE929D0E0E4736";
    for (const auto& header :
         {std::string(), std::string("00"), "ff-" + traced + behind_trace, "0-" + traced + behind_trace + "0",
          "0G-" + traced + behind_trace, "00-" + upper + behind_trace, "00-" + std::string(32, '0') + behind_trace,
          "00-" + traced + "-0000000000000000-01", "00-" + traced + "-00F067AA0BA902B7-01",
          "00-" + traced + "-00f067aa0ba902b7-0", "00-" + traced + "-00f067aa0ba902b7-0x",
          "00-" + traced + behind_trace + "-more", "cc-" + traced + behind_trace + ".more",
          "00_" + traced + behind_trace, "00-" + traced + "_00f067aa0ba902b7-01",
          "00-" + traced + "-00f067aa0ba902b7_01", " 00-" + traced + behind_trace}) {
        INFO(header);
        CHECK(trace_id_in(header).empty());
    }
}

TEST_CASE("a request with two of them belongs to no trace") {
    http_request request;
    CHECK(trace_id_of(request).empty());
    request.message.insert("traceparent", "00-" + traced + behind_trace);
    CHECK(trace_id_of(request) == traced);
    request.message.insert("Traceparent", "00-" + traced + behind_trace);
    CHECK(trace_id_of(request).empty());
}
