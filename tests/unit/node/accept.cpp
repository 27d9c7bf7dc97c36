#include <penholder/node.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch_test_macros.hpp>

namespace penholder::testing {
namespace {

options lone_node() {
    options settings;
    settings.name = "a";
    settings.zookeeper.hosts = "127.0.0.1:1";  // Nobody listens there.
    group_options group;
    group.name = "orders";
    group.database = "host=127.0.0.1 port=1 dbname=nobody";
    settings.groups.push_back(group);
    return settings;
}

write some_write(std::string id) {
    write what(std::move(id));
    what.add("UPDATE t SET v = v + 1");
    return what;
}

template <class T>
T wait_for(boost::asio::io_context& io, std::future<T> asked) {
    while (asked.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
        io.restart();
        io.run_one();
    }
    return asked.get();
}

}  // namespace

TEST_CASE("a node tells at once whether it has taken a write or refused it, also while nobody leads") {
    boost::asio::io_context io;
    node pen(io.get_executor(), lone_node());
    wait_for(io, pen.start(boost::asio::use_future));
    const auto accept = [&](const std::string& group, write what) {
        return wait_for(io, pen.accept(group, std::move(what), boost::asio::use_future));
    };
    CHECK_FALSE(accept("orders", some_write("order-1")).has_value());
    const auto twin = accept("orders", some_write("order-1"));
    REQUIRE(twin.has_value());
    CHECK(twin->outcome == outcome::unknown);
    CHECK(twin->why->code == errc::in_flight);
    const auto empty = accept("orders", write("order-2"));
    REQUIRE(empty.has_value());
    CHECK(empty->outcome == outcome::rejected);
    CHECK(empty->why->code == errc::malformed_write);
    const auto lost = accept("books", some_write("order-3"));
    REQUIRE(lost.has_value());
    CHECK(lost->why->code == errc::unknown_group);
    wait_for(io, pen.stop(boost::asio::use_future));
    CHECK(accept("orders", some_write("order-4"))->why->code == errc::shutting_down);
}

}  // namespace penholder::testing
