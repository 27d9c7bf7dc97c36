#include "daemon/http/event_hub.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace penholder;
using namespace penholder::daemon;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

std::optional<std::string> next_of(boost::asio::io_context& io, event_feed& feed) {
    auto piece = boost::asio::co_spawn(io, feed.next(), boost::asio::use_future);
    io.restart();
    io.run();
    return piece.get();
}

leadership led_by(const std::string& leader) {
    return {"orders", role::follower, 7, leader, "127.0.0.1:1", true};
}

}  // namespace

TEST_CASE("an event has a name, an id and one line of data") {
    CHECK(render_event("leadership", 5, "{}") == "event: leadership\nid: 5\ndata: {}\n\n");
}

TEST_CASE("a listener first hears how things stand, then what changes in its group") {
    boost::asio::io_context io;
    event_hub hub;
    const auto feed = std::make_shared<event_feed>(io.get_executor(), 8, std::chrono::milliseconds(1));
    group_status now;
    now.now = led_by("orders-1");
    hub.subscribe(now, feed);
    const auto first = next_of(io, *feed);
    REQUIRE(first.has_value());
    CHECK_THAT(*first, StartsWith("event: leadership\n") && ContainsSubstring("orders-1") &&
                           ContainsSubstring("event: members\n"));
    hub.leadership_changed(led_by("orders-2"));
    hub.members_changed("orders", {});
    hub.leadership_changed({"others", role::follower, 1, "x", "", true});
    const auto second = next_of(io, *feed);
    REQUIRE(second.has_value());
    CHECK_THAT(*second, ContainsSubstring("id: 1\n") && ContainsSubstring("orders-2") && ContainsSubstring("id: 2\n") &&
                            !ContainsSubstring("others"));
}

TEST_CASE("a quiet stream gets a comment") {
    boost::asio::io_context io;
    event_feed feed(io.get_executor(), 8, std::chrono::milliseconds(1));
    CHECK(next_of(io, feed) == ": still here\n\n");
}

TEST_CASE("a listener that lags too far behind is cut") {
    boost::asio::io_context io;
    event_feed feed(io.get_executor(), 2, std::chrono::milliseconds(1));
    feed.push("a");
    feed.push("b");
    CHECK(feed.is_open());
    feed.push("c");
    CHECK_FALSE(feed.is_open());
    CHECK_FALSE(next_of(io, feed).has_value());
}

TEST_CASE("a listener that is gone is forgotten") {
    boost::asio::io_context io;
    event_hub hub;
    group_status now;
    now.now = led_by("orders-1");
    auto feed = std::make_shared<event_feed>(io.get_executor(), 8, std::chrono::milliseconds(1));
    hub.subscribe(now, feed);
    CHECK(hub.listeners() == 1);
    feed.reset();
    hub.leadership_changed(led_by("orders-2"));
    CHECK(hub.listeners() == 0);
}
