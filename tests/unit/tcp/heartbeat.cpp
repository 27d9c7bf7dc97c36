#include "tcp/heartbeat.hpp"

#include "scripted_transport.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::testing;

namespace {

link_options limits(int silence_timeout_ms) {
    link_options made;
    made.ping_interval_ms = 60'000;
    made.silence_timeout_ms = silence_timeout_ms;
    return made;
}

}  // namespace

TEST_CASE("the first ping goes out at once, and a stopped heartbeat keeps nothing running") {
    scripted_connection one;
    const auto beating = std::make_shared<tcp::heartbeat>(one.over, "n2", limits(60'000));
    beating->start();
    one.settle();
    CHECK(one.by->written == std::vector{frame_of(wire::ping{1})});
    CHECK(one.over->is_open());
    beating->stop();
    one.settle();
    CHECK(one.io.stopped());
    CHECK(one.over->is_open());
}

TEST_CASE("a connection on which nothing was heard for the limit is cut as silent") {
    scripted_connection one;
    const auto beating = std::make_shared<tcp::heartbeat>(one.over, "n2", limits(0));
    beating->start();
    CHECK_FALSE(one.over->is_open());
    CHECK(one.over->cause()->how == wire::loss::silent);
    CHECK(one.over->cause()->why.message.find("'n2'") != std::string::npos);
    beating->stop();
}
