#include "lane/write_outage.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::lane;
using namespace std::chrono_literals;

namespace {

const write_outage::time_point outage_start{};

trouble no_right_to(purpose step) {
    return {"42501: permission denied", "42501", step};
}

}  // namespace

TEST_CASE("an outage is told when it has lasted for two seconds, with its last reason") {
    write_outage outage;
    CHECK_FALSE(outage.told(outage_start).has_value());
    CHECK(outage.failed(no_right_to(purpose::record), outage_start));
    CHECK_FALSE(outage.told(outage_start + 1999ms).has_value());
    CHECK_FALSE(outage.failed(no_right_to(purpose::record), outage_start));
    CHECK(outage.failed({"53100: disk full", "53100", purpose::record}, outage_start + 1s));
    CHECK(outage.told(outage_start + 2s) == "53100: disk full");
}

TEST_CASE("a transaction that commits with the command that failed ends an outage") {
    write_outage outage;
    outage.failed(no_right_to(purpose::record), outage_start);
    outage.over(purposes::only(purpose::record));
    CHECK_FALSE(outage.told(outage_start + 3s).has_value());
    outage.failed(no_right_to(purpose::record), outage_start + 3s);
    CHECK_FALSE(outage.told(outage_start + 4s).has_value());
}

TEST_CASE("what works without the command that fails ends no outage, and of two the older one is told") {
    write_outage outage;
    outage.failed(no_right_to(purpose::look_up), outage_start);
    outage.failed({"42501: no connection", "42501", purpose::other}, outage_start + 1s);
    purposes others;
    for (const auto step : {purpose::guard, purpose::expect_new, purpose::record, purpose::commit}) others.add(step);
    outage.over(others);
    CHECK(outage.told(outage_start + 4s) == "42501: permission denied");
    outage.over(purposes::only(purpose::look_up));
    CHECK(outage.told(outage_start + 4s) == "42501: no connection");
}

TEST_CASE("an outage is forgotten when nothing has failed for a while, and the next one begins anew") {
    write_outage outage;
    outage.failed(no_right_to(purpose::record), outage_start);
    CHECK(outage.told(outage_start + 9999ms).has_value());
    CHECK_FALSE(outage.told(outage_start + 10s).has_value());
    outage.failed(no_right_to(purpose::record), outage_start + 20s);
    CHECK_FALSE(outage.told(outage_start + 21s).has_value());
    CHECK(outage.told(outage_start + 22s).has_value());
}
