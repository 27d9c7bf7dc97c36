// What a host may do with its node: hosts stop without starting, forget to stop, stop from inside a callback, and block
// in one.
#include "cluster.hpp"
#include "sidecar.hpp"
#include "support/patience.hpp"

#include <penholder/error.hpp>

#include <boost/asio/detached.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <future>

namespace penholder::testing {

using boost::asio::use_future;

namespace {

/// Options of a node that only elects.
options elector_options(const cluster& all, std::size_t index) {
    auto settings = all.node_options(index);
    settings.groups[0].database.clear();
    return settings;
}

/// Until a session of a second, of a process that was killed meanwhile, has ended as the ensemble's clock has it.
void wait_for_a_sessions_length(cluster& none) {
    auto& watching = none.add(elector_options(none, 1));
    const auto members = [&] { return watching.status("orders").members.size(); };
    wait_until("the node that blocks and the one that watches are members", [&] { return members() == 2; });
    sidecar killed({.name = "killed",
                    .hosts = shared_zookeeper().connect_string(),
                    .root = none.root(),
                    .conninfo = none.conninfo(),
                    .session_timeout_ms = 1000});
    wait_until("a third member is there", [&] { return members() == 3; });
    killed.kill();
    wait_until("the third member's session has ended", [&] { return members() == 2; });
}

}  // namespace

TEST_CASE("a node that was never started can be stopped, and one that was stopped is not started again") {
    const cluster none({.nodes = 0, .initialise = false});
    boost::asio::thread_pool threads(1);
    node one(threads.get_executor(), elector_options(none, 0));
    CHECK_NOTHROW(one.stop(use_future).get());
    CHECK_NOTHROW(one.stop(use_future).get());
    CHECK_THROWS_AS(one.start(use_future).get(), exception);
}

TEST_CASE("a node that is destroyed and never stopped lets another lead once its session has ended") {
    cluster none({.nodes = 0, .initialise = false, .session_timeout_ms = 1000});
    boost::asio::thread_pool threads(1);
    auto forgotten = std::make_unique<node>(threads.get_executor(), elector_options(none, 0));
    forgotten->start(use_future).get();
    wait_until("it leads", [&] { return forgotten->status(use_future).get().groups[0].now.role == role::serving; });
    auto& next = none.add(elector_options(none, 1));
    forgotten.reset();
    wait_until("the next one leads", [&] { return next.leads("orders"); });
    CHECK(next.status("orders").now.term == 2);
}

TEST_CASE("a host that stops its node from inside the leadership callback gets its stop, and the next one leads") {
    cluster none({.nodes = 0, .initialise = false});
    boost::asio::thread_pool threads(1);
    node one(threads.get_executor(), elector_options(none, 0));
    std::promise<void> stopped;
    std::atomic<bool> asked = false;
    one.on_leadership([&](const leadership& now) {
        if (!now.is_leader() || asked.exchange(true)) return;
        one.stop([&](const std::exception_ptr&) { stopped.set_value(); });
    });
    one.start(use_future).get();
    wait_until("it leads", [&] { return asked.load(); });
    auto& next = none.add(elector_options(none, 1));
    REQUIRE(stopped.get_future().wait_for(patience(limit::answer)) == std::future_status::ready);
    wait_until("the next one leads", [&] { return next.leads("orders"); });
}

TEST_CASE("a host whose callback blocks for longer than the session keeps the leadership and hears the rest in order") {
    cluster none({.nodes = 0, .initialise = false, .session_timeout_ms = 1000});
    boost::asio::thread_pool threads(1);
    node one(threads.get_executor(), elector_options(none, 0));
    std::atomic<std::uint64_t> heard = 0;
    std::promise<void> release;
    std::promise<void> returned;
    one.on_leadership([&](const leadership& now) {
        if (!now.is_leader() || heard.exchange(now.term) != 0) return;
        release.get_future().wait();
        returned.set_value();
    });
    one.start(use_future).get();
    wait_until("the callback blocks", [&] { return heard != 0; });
    wait_for_a_sessions_length(none);
    release.set_value();
    returned.get_future().wait();
    const auto group = one.status(use_future).get().groups[0];
    CHECK(group.now.role == role::serving);
    CHECK(group.now.term == heard);
    one.stop(use_future).get();
}

}  // namespace penholder::testing
