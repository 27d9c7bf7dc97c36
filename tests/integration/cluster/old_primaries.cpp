// A primary and its standby in one connection string: the standby is promoted, and the old primary comes back.
#include "cluster.hpp"
#include "integration/zookeeper/session_rig.hpp"
#include "postgres/database.hpp"
#include "postgres/schema.hpp"
#include "support/patience.hpp"
#include "zookeeper/group_view.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>

namespace penholder::testing {

using Catch::Matchers::ContainsSubstring;

namespace {

constexpr auto orders_database = "orders";

write noted(const std::string& key, std::chrono::milliseconds within = std::chrono::seconds(30)) {
    write one(key);
    one.deadline(within);
    one.add("INSERT INTO notes VALUES ($1)", key);
    return one;
}

/// Two servers of one database, the old primary first in the connection string; a group of two nodes writes there.
struct failover {
    std::unique_ptr<postgres_server> old = with_schema();
    std::unique_ptr<postgres_server> successor = old->standby();
    cluster nodes{cluster::plan{.nodes = 2, .conninfo = both(), .initialise = false}};

    static std::unique_ptr<postgres_server> with_schema() {
        auto made = std::make_unique<postgres_server>();
        made->create_database(orders_database);
        made->exec("CREATE TABLE notes (note text)", orders_database);
        REQUIRE(postgres::init_schema(made->conninfo(orders_database)).has_value());
        return made;
    }

    std::string both() const {
        return "host=127.0.0.1,127.0.0.1 port=" + std::to_string(old->port()) + "," +
               std::to_string(successor->port()) + " user=postgres dbname=" + orders_database;
    }
    std::string host_of_old() const { return "127.0.0.1:" + std::to_string(old->port()); }

    static std::string notes_at(postgres_server& server) {
        return server.exec("SELECT coalesce(string_agg(note, ' ' ORDER BY note), '') FROM notes", orders_database)[0][0]
            .c_str();
    }
    static std::string fence_at(postgres_server& server) {
        return server.exec("SELECT timeline FROM penholder.fence WHERE slot = 0", orders_database)[0][0].c_str();
    }

    void wait_until_replayed() {
        wait_until("the standby has everything", [&] {
            return old->exec("SELECT bool_and(replay_lsn = pg_current_wal_lsn()) FROM pg_stat_replication")[0][0]
                .as<bool>(false);
        });
    }

    /// The primary dies and its standby takes over; whoever leads goes there.
    void fail_over() {
        wait_until_replayed();
        old->kill();
        successor->promote();
        REQUIRE(nodes[0].submit("orders", noted("after")).outcome == outcome::committed);
    }

    std::string trouble(std::size_t index) { return nodes[index].status("orders").trouble; }
    bool is_refused(std::size_t index) {
        const auto hosts = nodes[index].status("orders").refused_hosts;
        return std::ranges::any_of(
            hosts, [&](const std::string& each) { return each.find(host_of_old()) != std::string::npos; });
    }

    /// As `penholder adopt-database` does it.
    void adopt(const std::string& conninfo) {
        rig here;
        const auto session = here.connect(shared_zookeeper().connect_string());
        const auto view = *here.await(zookeeper::read_group(*session, nodes.root(), "orders"));
        group_options group;
        group.name = "orders";
        group.database = conninfo;
        const auto threads = std::make_shared<postgres::workers>(1);
        postgres::database server(here.io.get_executor(), threads, group);
        const auto seen = here.await(server.probe());
        threads->end();
        REQUIRE(seen.has_value());
        const fence_raise last{{view.terms.back().number + 1}, seen->lineage.last.at};
        REQUIRE(here.await(zookeeper::request_adoption(*session, nodes.root(), "orders", seen->database, last))
                    .has_value());
    }
};

}  // namespace

TEST_CASE("an old primary that comes back first in the list is refused by name, and a key takes effect once") {
    failover two;
    two.nodes.wait_for_leader();
    REQUIRE(two.nodes[0].submit("orders", noted("before")).outcome == outcome::committed);
    two.fail_over();
    CHECK(failover::fence_at(*two.successor) == "2");
    CHECK(two.nodes[0].status("orders").counters.fence_setbacks == 0);

    two.old->start();
    wait_until("both nodes name it", [&] { return two.is_refused(0) && two.is_refused(1); });
    CHECK(two.nodes[1].submit("orders", noted("before")).outcome == outcome::committed);
    CHECK(two.nodes[1].submit("orders", noted("after")).outcome == outcome::committed);

    // Every connection is made anew: to the list's second server, though the first one answers.
    two.successor->restart();
    CHECK(two.nodes[0].submit("orders", noted("after")).outcome == outcome::committed);
    CHECK(two.nodes[1].submit("orders", noted("restarted")).outcome == outcome::committed);
    // So does a node that has just started, as leader.
    two.nodes.add(two.nodes.node_options(2));
    two.nodes.wait_for_leader();
    two.nodes[0].handover("orders", "orders-3");
    CHECK(two.nodes[2].submit("orders", noted("before")).outcome == outcome::committed);
    CHECK(two.nodes[2].submit("orders", noted("third")).outcome == outcome::committed);
    CHECK(failover::notes_at(*two.successor) == "after before restarted third");
    CHECK(failover::notes_at(*two.old) == "before");
    CHECK(failover::fence_at(*two.old) == "1");
}

TEST_CASE("a leader whose primary lives on beside a promoted standby goes to the new one by itself") {
    failover two;
    two.nodes.wait_for_leader();
    REQUIRE(two.nodes[0].submit("orders", noted("before")).outcome == outcome::committed);
    two.wait_until_replayed();
    two.successor->promote();
    wait_until("the fence is raised there", [&] { return failover::fence_at(*two.successor) == "2"; });
    wait_until("both nodes name the old one", [&] { return two.is_refused(0) && two.is_refused(1); });
    for (const auto* key : {"before", "after"}) {
        CHECK(two.nodes[0].submit("orders", noted(key)).outcome == outcome::committed);
        CHECK(two.nodes[1].submit("orders", noted(key)).outcome == outcome::committed);
    }
    CHECK(failover::notes_at(*two.successor) == "after before");
    CHECK(failover::notes_at(*two.old) == "before");
}

TEST_CASE("with the new primary down nobody writes to the old one, until operators adopt it") {
    failover two;
    two.nodes.wait_for_leader();
    REQUIRE(two.nodes[0].submit("orders", noted("before")).outcome == outcome::committed);
    two.fail_over();
    wait_until("the ensemble knows of the raise", [&] {
        const auto terms = two.nodes[0].history("orders");
        return terms.back().raised.find(":2@") != std::string::npos;
    });
    two.successor->kill();
    two.old->start();
    CHECK(two.nodes[0].submit("orders", noted("after", std::chrono::seconds(2))).outcome != outcome::committed);
    wait_until("both say why", [&] {
        return two.trouble(0).find("timeline 1") != std::string::npos &&
               two.trouble(1).find("timeline 1") != std::string::npos;
    });
    CHECK_THAT(two.trouble(0), ContainsSubstring(two.host_of_old()));
    CHECK_THAT(two.trouble(0), ContainsSubstring("penholder adopt-database"));

    // Whoever starts now was told nothing but by the ensemble.
    two.nodes.add(two.nodes.node_options(2));
    wait_until("it says so too", [&] { return two.trouble(2).find("timeline 1") != std::string::npos; });
    CHECK(two.nodes[2].submit("orders", noted("astray", std::chrono::seconds(2))).outcome != outcome::committed);
    CHECK(failover::notes_at(*two.old) == "before");
    CHECK(failover::fence_at(*two.old) == "1");

    two.adopt(two.old->conninfo_tcp(orders_database));
    CHECK(two.nodes[1].submit("orders", noted("adopted")).outcome == outcome::committed);
    CHECK(failover::notes_at(*two.old) == "adopted before");
    // The other one holds a raise that the group has left.
    two.successor->start();
    wait_until("it is refused", [&] { return !two.nodes[1].status("orders").refused_hosts.empty(); });
    two.old->restart();
    CHECK(two.nodes[0].submit("orders", noted("still")).outcome == outcome::committed);
    CHECK(failover::notes_at(*two.old) == "adopted before still");
    CHECK(failover::notes_at(*two.successor) == "after before");
}

TEST_CASE("a failover that lost the last raise is accepted, counted, and the fence is raised there") {
    failover two;
    const auto first = two.nodes.wait_for_leader();
    two.wait_until_replayed();
    two.successor->stop();
    const auto heir = 1 - first;
    const auto led = two.nodes[first].handover("orders", two.nodes.name(heir));
    REQUIRE(two.nodes[0].submit("orders", noted("lost")).outcome == outcome::committed);
    two.old->kill();
    two.successor->start();
    const auto term_there = [&] {
        return two.successor->exec("SELECT term FROM penholder.fence WHERE slot = 0", orders_database)[0][0]
            .as<std::uint64_t>();
    };
    REQUIRE(term_there() < led.term);
    two.successor->promote();
    CHECK(two.nodes[0].submit("orders", noted("after")).outcome == outcome::committed);
    CHECK(failover::fence_at(*two.successor) == "2");
    CHECK(term_there() >= led.term);
    CHECK(two.nodes[heir].status("orders").counters.fence_setbacks +
              two.nodes[first].status("orders").counters.fence_setbacks ==
          1);
    CHECK(failover::notes_at(*two.successor) == "after");
}

TEST_CASE("the ensemble knows of each leader where it raised the fence") {
    cluster two({.nodes = 2});
    for (int times = 0; times < 8; ++times) {
        const auto leader = two.wait_for_leader();
        const auto term = std::to_string(two[leader].status("orders").now.term);
        const auto fence = shared_postgres().exec(
            "SELECT term || ':' || timeline || '@' || raised_at FROM penholder.fence WHERE grp = 'orders' AND slot = 0",
            two.database());
        wait_until(
            "term " + term + " says where",
            [&] { return two[leader].history("orders").back().raised == fence.at(0).at(0).as<std::string>(); },
            limit::leadership);
        two[leader].handover("orders", two.name(1 - leader));
    }
}

}  // namespace penholder::testing
