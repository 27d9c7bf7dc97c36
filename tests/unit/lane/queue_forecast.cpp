#include "lane/queue_forecast.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace penholder::lane;
using namespace std::chrono_literals;
using Catch::Approx;

TEST_CASE("a lane that has applied nothing yet expects no wait") {
    CHECK(queue_forecast(128).wait(100'000).count() == 0);
}

TEST_CASE("batches that cost the same whatever they hold are counted by the batch") {
    queue_forecast lane(100);
    lane.took(1, 20ms);
    lane.took(100, 20ms);
    CHECK(lane.wait(100).count() == Approx(20));
    CHECK(lane.wait(1000).count() == Approx(200));
}

TEST_CASE("writes that cost something each are counted one by one, as soon as two sizes were seen") {
    queue_forecast lane(100);
    lane.took(1, 12ms);
    lane.took(10, 102ms);  // 2 ms for the batch and 10 ms for each write.
    CHECK(lane.wait(100).count() == Approx(1002));
    CHECK(lane.wait(150).count() == Approx(1504));
}

TEST_CASE("while all batches were small a burst is expected to fit into large ones") {
    queue_forecast lane(128);
    for (int i = 0; i < 8; ++i) lane.took(1, 1ms);
    CHECK(lane.wait(8192).count() == Approx(64));
}

TEST_CASE("full batches are measured as they are") {
    queue_forecast lane(16);
    for (int i = 0; i < 20; ++i) lane.took(16, 160ms);
    CHECK(lane.wait(96).count() == Approx(960));
}

TEST_CASE("a database that is quick again is believed after a few batches") {
    queue_forecast lane(100);
    for (int i = 0; i < 8; ++i) lane.took(100, 1000ms);
    CHECK(lane.wait(800).count() == Approx(8000));
    for (int i = 0; i < 8; ++i) lane.took(100, 5ms);
    CHECK(lane.wait(800).count() == Approx(40));
}

TEST_CASE("one batch that stood still for a moment turns nobody away") {
    queue_forecast lane(128);
    for (int i = 0; i < 3; ++i) lane.took(1, 1ms);
    lane.took(3, 300ms);
    for (int i = 0; i < 3; ++i) lane.took(2, 1ms);
    CHECK(lane.wait(200).count() < 100);
}

TEST_CASE("noise never makes a wait negative") {
    queue_forecast lane(100);
    lane.took(10, 500ms);
    lane.took(100, 5ms);
    lane.took(50, 5ms);
    CHECK(lane.wait(1).count() >= 0);
    CHECK(lane.wait(1000).count() > 0);
    queue_forecast steep(100);
    steep.took(90, 1ms);
    steep.took(100, 100ms);
    CHECK(steep.wait(1).count() >= 0);
}

TEST_CASE("a batch without writes says nothing") {
    queue_forecast lane(100);
    lane.took(0, 5000ms);
    CHECK(lane.wait(1000).count() == 0);
}
