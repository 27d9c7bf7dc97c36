#include "fixture.hpp"
#include "support/tcp_proxy.hpp"

using namespace penholder;
using namespace penholder::testing;
using namespace std::chrono_literals;

namespace {

std::string through(const tcp_proxy& proxy, const std::string& name) {
    return "host=127.0.0.1 user=postgres port=" + std::to_string(proxy.port()) + " dbname=" + name;
}

void end_lanes(const std::string& name) {
    shared_server().exec(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'penholder lane%' "
        "AND datname = '" +
        name + "'");
}

/// Sends a write whose COMMIT the database carries out while the reply to it is swallowed. How long the replies to one
/// write are is known when they are as long twice: the first time a session that was used before may still be cleaned.
std::size_t send_and_swallow_commit(node_view& node, tcp_proxy& proxy, const std::string& name) {
    constexpr std::size_t commit_and_position = 60;
    penholder::write what;
    what.add("UPDATE counter SET n = n + 1");
    node.learn(what);
    std::uint64_t sequence = 2;
    std::optional<std::size_t> whole;
    for (bool same = false; !same;) {
        const auto before = proxy.carried(direction::to_client);
        node.answer(node.send_given(sequence++, what));
        const auto bytes = proxy.carried(direction::to_client) - before;
        same = whole == bytes;
        whole = bytes;
    }
    shared_server().exec("UPDATE counter SET n = 1", name);
    proxy.swallow_replies(*whole - commit_and_position);
    const auto ticket = node.send_given(sequence, what);
    node.run_until([&] { return one_value(name, "SELECT n FROM counter") == "2"; });
    return ticket;
}

}  // namespace

TEST_CASE("an idle lane whose backend is ended connects again, and says so") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    end_lanes(name);
    node.run_until([&] { return node.lost == 1; });
    node.run_until([&] { return node.opened == 2; });
    CHECK(node.answer(node.send(increment("a"))).receipt.outcome == outcome::committed);
    CHECK(node.lane->counters().connects == 2);
}

TEST_CASE("a write whose backend is ended before COMMIT is applied once by the next connection") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    penholder::write slow("slow");
    slow.add("UPDATE counter SET n = n + 1");
    slow.add("SELECT pg_sleep(0.5)");
    const auto ticket = node.send(slow);
    node.run_until([&] {
        return one_value(name,
                         "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = "
                         "current_database()") == "1";
    });
    end_lanes(name);
    CHECK(node.answer(ticket).receipt.outcome == outcome::committed);
    CHECK(one_value(name, "SELECT n FROM counter") == "1");
}

TEST_CASE("a COMMIT whose reply is lost is answered by the ledger and not applied twice") {
    const auto name = fresh_database();
    tcp_proxy proxy(shared_server().port());
    node_view node(through(proxy, name));
    node.lead(1);
    const auto ticket = send_and_swallow_commit(node, proxy, name);
    proxy.release(direction::to_client);
    proxy.cut();
    const auto& done = node.answer(ticket);
    REQUIRE(done.verdict == write_verdict::decided);
    CHECK(done.receipt.outcome == outcome::committed);
    CHECK(one_value(name, "SELECT n FROM counter") == "2");
}

TEST_CASE("a lane closed between COMMIT and its reply leaves the write in doubt") {
    const auto name = fresh_database();
    tcp_proxy proxy(shared_server().port());
    node_view node(through(proxy, name));
    node.lead(1);
    const auto ticket = send_and_swallow_commit(node, proxy, name);
    node.lane->close();
    CHECK(node.answer(ticket).verdict == write_verdict::in_doubt);
    CHECK(node.answer(ticket).why == errc::outcome_unknown);
    proxy.cut();
    proxy.release(direction::to_client);
}

TEST_CASE("writes wait while the server restarts, to their deadlines and no longer") {
    postgres_server server;
    REQUIRE(postgres::init_schema(server.conninfo()).has_value());
    server.exec("CREATE TABLE counter (id int PRIMARY KEY, n int)");
    server.exec("INSERT INTO counter VALUES (1, 0)");
    node_view node(server.conninfo());
    node.lead(1);
    server.stop_immediate();
    node.run_until([&] { return node.lost > 0; });
    const auto hopeless = node.send(increment("h"), 200ms);
    const auto patient = node.send(increment("p"), 20s);
    CHECK(node.answer(hopeless).verdict == write_verdict::handed_back);
    CHECK(node.answer(hopeless).why == errc::deadline_expired);
    server.start();
    CHECK(node.answer(patient).receipt.outcome == outcome::committed);
}

TEST_CASE("a promoted server whose fence is behind has it raised again") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    node.lead(5);
    shared_server().exec("UPDATE penholder.fence SET term = 3", name);
    end_lanes(name);
    node.run_until([&] { return node.opened == 2; });
    CHECK(one_value(name, "SELECT term FROM penholder.fence") == "5");
    CHECK(node.answer(node.send(increment("a"))).receipt.outcome == outcome::committed);
}

TEST_CASE("a lane that comes back to a newer term is fenced") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    REQUIRE(node.wait(node.database.raise_fence({2}, "node-2", "two:2"))->raised);
    end_lanes(name);
    node.run_until([&] { return node.fenced_by.has_value(); });
    CHECK(node.fenced_by->endpoint == "two:2");
}
