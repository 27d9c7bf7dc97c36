#include "lane/write_outage.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::lane;
using namespace std::chrono_literals;

namespace {

const write_outage::time_point outage_start{};

}  // namespace

TEST_CASE("an outage is told when it has lasted for two seconds, with its last reason") {
    write_outage outage;
    CHECK_FALSE(outage.told(outage_start).has_value());
    CHECK(outage.failed("42501: permission denied", outage_start));
    CHECK_FALSE(outage.told(outage_start + 1999ms).has_value());
    CHECK_FALSE(outage.failed("42501: permission denied", outage_start));
    CHECK(outage.failed("53100: disk full", outage_start + 1s));
    CHECK(outage.told(outage_start + 2s) == "53100: disk full");
}

TEST_CASE("a write that is decided ends an outage") {
    write_outage outage;
    outage.failed("42501: permission denied", outage_start);
    outage.over();
    CHECK_FALSE(outage.told(outage_start + 3s).has_value());
    outage.failed("42501: permission denied", outage_start + 3s);
    CHECK_FALSE(outage.told(outage_start + 4s).has_value());
}

TEST_CASE("an outage is forgotten when nothing has failed for a while, and the next one begins anew") {
    write_outage outage;
    outage.failed("42501: permission denied", outage_start);
    CHECK(outage.told(outage_start + 9999ms).has_value());
    CHECK_FALSE(outage.told(outage_start + 10s).has_value());
    outage.failed("42501: permission denied", outage_start + 20s);
    CHECK_FALSE(outage.told(outage_start + 21s).has_value());
    CHECK(outage.told(outage_start + 22s).has_value());
}
