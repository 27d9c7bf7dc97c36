#include "election/paths.hpp"
#include "session_rig.hpp"
#include "support/tcp_proxy.hpp"
#include "support/zookeeper_server.hpp"
#include "zookeeper/client.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::testing;
using namespace std::chrono_literals;
using zookeeper::reason;

namespace {

using kind = zookeeper::session_event::kind;

/// What a session told, in order.
struct diary {
    std::vector<kind> events;
    std::vector<std::string> watches;

    explicit diary(zookeeper::session& of) {
        of.subscribe({"/", [this](const auto& event) { events.push_back(event.what); }, {}});
        of.subscribe({"/w", {}, [this](const auto& event) { watches.push_back(event.path); }});
    }
    bool has(kind what) const { return std::ranges::find(events, what) != events.end(); }
};

/// An administrator lets everybody read `/`, and nobody create anything below it.
void close_root(const std::string& hosts) {
    auto* admin = zookeeper_init(hosts.c_str(), nullptr, 10000, nullptr, nullptr, 0);
    REQUIRE(admin != nullptr);
    const int done = zoo_set_acl(admin, "/", -1, &ZOO_READ_ACL_UNSAFE);
    zookeeper_close(admin);
    REQUIRE(done == ZOK);
}

}  // namespace

TEST_CASE("operations answer what the ensemble says") {
    zookeeper_server server;
    rig here;
    const auto session = here.connect(server.connect_string());
    REQUIRE(here.create(*session, "/x", "one").has_value());
    CHECK(here.create(*session, "/x").error().why == reason::node_exists);
    CHECK(here.create(*session, "/none/x").error().why == reason::no_node);
    const auto read = here.ask<zookeeper::znode>([&](auto done) { session->get("/x", false, std::move(done)); });
    REQUIRE(read.has_value());
    CHECK(read->data == "one");
    CHECK(read->stat.owner == 0);
    const auto late = here.ask<zookeeper::stat>([&](auto done) { session->set("/x", "two", 7, std::move(done)); });
    CHECK(late.error().why == reason::bad_version);
    CHECK(late.error().path == "/x");
    REQUIRE(here.create(*session, "/x/y").has_value());
    CHECK(here.ask<void>([&](auto done) { session->remove("/x", -1, std::move(done)); }).error().why ==
          reason::not_empty);
}

TEST_CASE("a transaction is done as a whole or not at all, and names the step that failed") {
    zookeeper_server server;
    rig here;
    const auto session = here.connect(server.connect_string());
    using zookeeper::operation;
    REQUIRE(here.create(*session, "/x").has_value());
    const auto failed = here.ask<void>([&](auto done) {
        session->transact({operation::create("/made", "", zookeeper::create_mode::ephemeral),
                           operation::set("/x", "new", 5), operation::check("/x", 0)},
                          std::move(done));
    });
    CHECK(failed.error().why == reason::bad_version);
    CHECK(failed.error().path == "/x");
    CHECK_FALSE(here.exists(*session, "/made"));
    const auto done = here.ask<void>([&](auto answer) {
        session->transact({operation::check("/x", 0), operation::create("/made", "", zookeeper::create_mode::ephemeral),
                           operation::set("/x", "new", 0)},
                          std::move(answer));
    });
    CHECK(done.has_value());
    CHECK(here.exists(*session, "/made"));
}

TEST_CASE("a watch fires once, on the znode that it was left on") {
    zookeeper_server server;
    rig here;
    const auto session = here.connect(server.connect_string());
    diary told(*session);
    here.ask<zookeeper::stat>([&](auto done) { session->exists("/w", true, std::move(done)); });
    REQUIRE(here.create(*session, "/w").has_value());
    REQUIRE(here.until([&] { return told.watches.size() == 1; }));
    here.write(*session, "/w", "changed");
    CHECK(told.watches == std::vector<std::string>{"/w"});
}

TEST_CASE("requests on a disconnected handle are refused, not queued") {
    zookeeper_server server;
    rig here;
    const auto session = here.connect(server.connect_string());
    server.kill();
    REQUIRE(here.until([&] { return !session->connected(); }));
    const auto refused = here.create(*session, "/late");
    CHECK(refused.error().why == reason::connection_loss);
    server.start();
    REQUIRE(here.until([&] { return session->connected(); }));
    CHECK_FALSE(here.exists(*session, "/late"));
}

TEST_CASE("closing a session removes its ephemeral znodes at once") {
    zookeeper_server server;
    rig here;
    auto session = here.connect(server.connect_string());
    const auto other = here.connect(server.connect_string());
    REQUIRE(here.create(*session, "/mine", {}, zookeeper::create_mode::ephemeral).has_value());
    bool closed = false;
    session->close([&] { closed = true; });
    REQUIRE(here.until([&] { return closed; }));
    CHECK(here.until([&] { return !here.exists(*other, "/mine"); }, 500ms));
}

TEST_CASE("an expired session is followed by a new one on a new handle") {
    zookeeper_server server;
    tcp_proxy network(server.port());
    rig here;
    const auto session = here.connect(network.endpoint());
    const auto before = session->id();
    const auto generation = session->generation();
    diary told(*session);
    REQUIRE(here.create(*session, "/mine", {}, zookeeper::create_mode::ephemeral).has_value());
    network.refuse();
    REQUIRE(here.until([&] { return told.has(kind::suspended); }));
    REQUIRE(here.until([&] { return told.has(kind::overdue); }));
    CHECK(session->trouble()->code == errc::ensemble_unreachable);
    const auto other = here.connect(server.connect_string());
    REQUIRE(here.until([&] { return !here.exists(*other, "/mine"); }));
    network.accept();
    REQUIRE(here.until([&] { return told.has(kind::expired) && session->connected(); }));
    CHECK(session->id() != before);
    CHECK(session->generation() > generation);
    CHECK_FALSE(session->trouble().has_value());
}

TEST_CASE("a stopped server is noticed by our own clock, and is no expiry") {
    zookeeper_server server;
    rig here;
    const auto session = here.connect(server.connect_string());
    diary told(*session);
    server.pause();
    REQUIRE(here.until([&] { return told.has(kind::overdue); }));
    CHECK_FALSE(told.has(kind::expired));
    server.resume();
    REQUIRE(here.until([&] { return session->connected(); }));
}

TEST_CASE("a session outlives a restart of its only server") {
    zookeeper_server server;
    rig here;
    const auto session = here.connect(here.options(server.connect_string(), 5000));
    const auto before = session->id();
    REQUIRE(here.create(*session, "/mine", {}, zookeeper::create_mode::ephemeral).has_value());
    diary told(*session);
    server.restart();
    REQUIRE(here.until([&] { return told.has(kind::suspended) && session->connected(); }));
    CHECK(session->id() == before);
    CHECK(here.exists(*session, "/mine"));
}

TEST_CASE("a restored ensemble that refuses a newer client is taken up with a new handle") {
    zookeeper_server server;
    rig here;
    const auto session = here.connect(server.connect_string());
    for (int count = 0; count < 20; ++count) REQUIRE(here.create(*session, "/x" + std::to_string(count)).has_value());
    const auto generation = session->generation();
    server.stop();
    REQUIRE(here.until([&] { return !session->connected(); }));
    server.wipe();
    server.start();
    REQUIRE(here.until([&] { return session->connected(); }, 30s));
    CHECK(session->generation() > generation);
    CHECK_FALSE(here.exists(*session, "/x1"));
}

TEST_CASE("an ensemble that is not there yet is waited for") {
    rig here;
    std::string hosts;
    {
        zookeeper_server server;
        hosts = server.connect_string();
    }
    zookeeper::session session(here.io.get_executor(), here.options(hosts));
    session.open();
    const auto early = here.await(session.wait_connected(500ms));
    REQUIRE_FALSE(early.has_value());
    CHECK(early.error().code == errc::ensemble_unreachable);
    zookeeper::session lost(here.io.get_executor(), here.options("no.such.host.invalid:2181"));
    lost.open();
    REQUIRE(here.until([&] { return lost.trouble() && lost.trouble()->message.find("resolve") != std::string::npos; }));
}

TEST_CASE("a server that closes connections at once is told apart from one that is away") {
    zookeeper_server server("maxClientCnxns=1\n");
    rig here;
    const auto first = here.connect(server.connect_string());
    zookeeper::session second(here.io.get_executor(), here.options(server.connect_string()));
    second.open();
    REQUIRE(here.until(
        [&] { return second.trouble() && second.trouble()->message.find("maxClientCnxns") != std::string::npos; }));
    CHECK_FALSE(first->trouble());
    first->close([] {});
    CHECK(here.until([&] { return second.connected(); }));
    CHECK_FALSE(second.trouble());
}

TEST_CASE("znodes made with a digest are closed to others") {
    zookeeper_server server;
    rig here;
    auto how = here.options(server.connect_string());
    how.digest = "penholder:secret";
    const auto session = here.connect(how);
    REQUIRE(here.create(*session, "/closed", "x").has_value());
    const auto stranger = here.connect(server.connect_string());
    const auto read = here.ask<zookeeper::znode>([&](auto done) { stranger->get("/closed", false, std::move(done)); });
    CHECK(read.error().why == reason::not_authorized);
    CHECK(here.ask<zookeeper::znode>([&](auto done) { session->get("/closed", false, std::move(done)); }).has_value());
}

TEST_CASE("only what is missing is created: what an administrator made below a closed root is used") {
    zookeeper_server server;
    rig here;
    auto how = here.options(server.connect_string());
    how.digest = "penholder:secret";
    const auto session = here.connect(how);
    REQUIRE(here.create(*session, "/penholder").has_value());
    close_root(server.connect_string());
    CHECK(here.create(*session, "/other").error().why == reason::not_authorized);
    const election::group_paths paths("/penholder", "orders");
    const auto make = [&] {
        return here.ask<void>([&](auto done) { session->create_parents(paths.persistent(), std::move(done)); });
    };
    CHECK(make().has_value());
    CHECK(make().has_value());
    CHECK(here.exists(*session, paths.control));
    const auto refused = here.ask<void>([&](auto done) {
        session->create_parents(election::group_paths("/elsewhere", "orders").persistent(), std::move(done));
    });
    CHECK(refused.error().why == reason::not_authorized);
    CHECK(refused.error().path == "/elsewhere");
}
