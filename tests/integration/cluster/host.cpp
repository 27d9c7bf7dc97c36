// What a host may do with its node: hosts stop without starting, forget to stop, stop from inside a callback, and block
// in one.
#include "cluster.hpp"
#include "sidecar.hpp"
#include "support/patience.hpp"

#include <penholder/error.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <thread>
#include <vector>

namespace penholder::testing {

using boost::asio::use_future;
using namespace std::chrono_literals;

namespace {

/// Options of a node that only elects.
options elector_options(const cluster& all, std::size_t index) {
    auto settings = all.node_options(index);
    settings.groups[0].database.clear();
    return settings;
}

/// A node on threads of its host's, which lets go of it while they run, as a program does that never heard of `stop`.
class careless_host {
public:
    explicit careless_host(options settings)
        : node_(std::make_unique<node>(io_.get_executor(), std::move(settings))), threads_(run(2)) {
        node_->start(use_future).get();
    }

    node& get() { return *node_; }

    /// Returns when the executor has nothing left, which is when the last handler of the node's has run.
    void forget_the_node() {
        node_.reset();
        work_.reset();
        for (auto& one : threads_) one.join();
    }

private:
    std::vector<std::thread> run(std::size_t count) {
        std::vector<std::thread> made;
        while (made.size() < count) made.emplace_back([this] { io_.run(); });
        return made;
    }

    boost::asio::io_context io_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
    std::unique_ptr<node> node_;
    std::vector<std::thread> threads_;
};

/// Writes of both ways, so that the lane and some sessions are busy.
std::vector<std::future<receipt>> submit_writes(node& to, int count) {
    std::vector<std::future<receipt>> under_way;
    for (int i = 0; i < count; ++i) {
        write what("key-" + std::to_string(i));
        what.add(i % 2 == 0 ? "SELECT pg_catalog.pg_sleep(0.01)" : "SELECT 1");
        under_way.push_back(to.submit("orders", std::move(what), use_future));
    }
    return under_way;
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

TEST_CASE("a node that is destroyed while its executor runs answers everybody, and leaves nothing that runs") {
    cluster none({.nodes = 0, .session_timeout_ms = 1000});
    const std::string backends =
        "SELECT FROM pg_stat_activity WHERE datname = '" + none.database() + "' AND backend_type = 'client backend'";
    // At every stage of its way to the leadership, and while it leads: connecting, electing, fencing, writing.
    for (int round = 0; round < 12; ++round) {
        INFO("round " << round);
        careless_host host(none.node_options(static_cast<std::size_t>(round)));
        if (round % 3 == 2) {
            wait_until("it leads",
                       [&] { return host.get().status(use_future).get().groups[0].now.role == role::serving; });
        }
        if (round % 3 == 1) {
            wait_until("its database is there",
                       [&] { return host.get().status(use_future).get().groups[0].database_connected; });
        }
        auto under_way = submit_writes(host.get(), 40);
        if (round % 3 == 2) CHECK(under_way.front().get().outcome == outcome::committed);
        auto paused = host.get().pause("orders", false, use_future);
        auto handed = host.get().handover("orders", "nobody", 5s, use_future);
        host.forget_the_node();
        for (auto& one : under_way) {
            if (one.valid()) CHECK_NOTHROW(one.get());
        }
        CHECK(paused.wait_for(0s) == std::future_status::ready);
        CHECK(handed.wait_for(0s) == std::future_status::ready);
        wait_until("no connection of it is left", [&] { return shared_postgres().exec(backends).empty(); });
    }
}

TEST_CASE("a write that a node had not sent when it was destroyed is rejected, and does not happen") {
    cluster one({.nodes = 0, .session_timeout_ms = 1000});
    auto settings = one.node_options(0);
    settings.groups[0].sessions_max = 1;
    careless_host host(settings);
    wait_until("it leads", [&] { return host.get().status(use_future).get().groups[0].now.role == role::serving; });
    const auto submit = [&](const std::string& key, const std::string& sql) {
        write what(key);
        what.add(sql);
        return host.get().submit("orders", std::move(what), use_future);
    };
    auto sent = submit("sent", "SELECT pg_catalog.pg_sleep(60)");
    wait_until("the first write runs", [&] {
        return !shared_postgres()
                    .exec("SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = '" + one.database() +
                          "'")
                    .empty();
    });
    auto queued = submit("queued", "SELECT pg_catalog.pg_sleep(0)");
    wait_until("the second one waits behind it",
               [&] { return host.get().status(use_future).get().groups[0].queued_writes == 1; });
    host.forget_the_node();
    const auto said = queued.get();
    CHECK(said.outcome == outcome::rejected);
    CHECK(said.why->code == errc::shutting_down);
    CHECK(sent.get().outcome != outcome::committed);
}

TEST_CASE("a host that stops waiting for a write that was sent hears at once that its outcome is unknown") {
    cluster two({.nodes = 2});
    const auto leader = two.wait_for_leader();
    for (const auto at : {leader, 1 - leader}) {
        const auto key = "slow-" + std::to_string(at);
        write what(key);
        what.add("SELECT pg_catalog.pg_sleep(1)");
        boost::asio::cancellation_signal cancel;
        std::promise<receipt> told;
        boost::asio::post(two[at].io(), [&] {
            two[at].get().submit("orders", what, boost::asio::bind_cancellation_slot(cancel.slot(), [&](receipt said) {
                                     told.set_value(std::move(said));
                                 }));
        });
        wait_until("the write is in flight", [&] {
            const auto found = two[leader].find("orders", key);
            return found && found->why && found->why->code == errc::in_flight;
        });
        boost::asio::post(two[at].io(), [&] { cancel.emit(boost::asio::cancellation_type::terminal); });
        const auto said = told.get_future().get();
        CHECK(said.outcome == outcome::unknown);
        CHECK(said.why->code == errc::outcome_unknown);
        CHECK(said.write_id == key);
        wait_until("the write has gone its way", [&] {
            const auto found = two[at].find("orders", key);
            return found && found->outcome == outcome::committed;
        });
    }
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
