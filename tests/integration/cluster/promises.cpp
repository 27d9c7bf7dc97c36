// What the design promises, without any fault.
#include "cluster.hpp"
#include "load.hpp"
#include "support/patience.hpp"

#include <boost/asio/use_future.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>

namespace penholder::testing {

using namespace std::chrono_literals;

namespace {

write mark(const std::string& id, const std::string& text) {
    write one{id};
    one.add("INSERT INTO marks VALUES ($1)", text);
    return one;
}

}  // namespace

TEST_CASE("of three nodes one leads, and a write through any of them is committed once") {
    cluster three;
    load::prepare(shared_postgres(), three.database());
    const auto leader = three.wait_for_leader();
    for (std::size_t i = 0; i < 3; ++i) {
        write one;
        one.add("INSERT INTO marks VALUES ($1) RETURNING mark", "from-" + std::to_string(i));
        const auto got = three[i].submit("orders", std::move(one));
        INFO((got.why ? got.why->message : ""));
        REQUIRE(got.outcome == outcome::committed);
        CHECK(got.term == three[leader].status("orders").now.term);
        CHECK(got.lsn > 0);
        CHECK_FALSE(got.replayed);
        CHECK(got.write_id.starts_with("~" + three.name(i) + "."));
        REQUIRE(got.statements.size() == 1);
        CHECK(got.statements[0].rows_affected == 1);
        CHECK(got.statements[0].columns == std::vector<std::string>{"mark"});
        CHECK(got.statements[0].rows.at(0).at(0) == "from-" + std::to_string(i));
    }
    CHECK(shared_postgres().exec("SELECT count(*) FROM marks", three.database())[0][0].as<int>() == 3);
}

TEST_CASE("the same key through every node takes effect once and is answered with the first receipt") {
    cluster three;
    load::prepare(shared_postgres(), three.database());
    three.wait_for_leader();
    const auto first = three[0].submit("orders", mark("order-42", "x"));
    REQUIRE(first.outcome == outcome::committed);
    for (std::size_t i = 0; i < 3; ++i) {
        const auto again = three[i].submit("orders", mark("order-42", "x"));
        CHECK(again.outcome == outcome::committed);
        CHECK(again.replayed);
        CHECK(again.term == first.term);
        CHECK(again.statements == first.statements);
    }
    CHECK(shared_postgres().exec("SELECT count(*) FROM marks", three.database())[0][0].as<int>() == 1);

    const auto other = three[1].submit("orders", mark("order-42", "another payload"));
    REQUIRE(other.outcome == outcome::rejected);
    CHECK(other.why->code == errc::key_reused);

    const auto found = three[2].find("orders", "order-42");
    REQUIRE(found);
    CHECK(found->outcome == outcome::committed);
    CHECK_FALSE(three[0].find("orders", "never-heard-of"));
}

TEST_CASE("a rejection by the database is final for its key, through every node and after a handover") {
    cluster two({.nodes = 2});
    load::prepare(shared_postgres(), two.database());
    two.wait_for_leader();
    const auto unmet = [] {
        write one{"unmet"};
        one.add("UPDATE counter SET n = n + 1 WHERE id = 99").expect_rows(1);
        return one;
    };
    const auto first = two[0].submit("orders", unmet());
    REQUIRE(first.outcome == outcome::rejected);
    CHECK(first.why->code == errc::row_count_mismatch);
    shared_postgres().exec("INSERT INTO counter VALUES (99, 0)", two.database());
    two[0].handover("orders", "");
    const auto again = two[1].submit("orders", unmet());
    CHECK(again.outcome == outcome::rejected);
    CHECK(again.why->code == errc::row_count_mismatch);
    CHECK(shared_postgres().exec("SELECT n FROM counter WHERE id = 99", two.database())[0][0].as<int>() == 0);
}

TEST_CASE("a failing write says why and does not touch its batch-mates") {
    cluster two({.nodes = 2});
    load::prepare(shared_postgres(), two.database());
    two.wait_for_leader();
    load others("orders", false);
    others.add_writers(two[0], 8);
    others.add_writers(two[1], 8);
    for (int i = 0; i < 20; ++i) {
        write bad;
        bad.add("INSERT INTO marks VALUES ($1)", "bad");
        bad.add("SELECT 1 / $1::int", 0);
        const auto got = two[static_cast<std::size_t>(i % 2)].submit("orders", std::move(bad));
        REQUIRE(got.outcome == outcome::rejected);
        CHECK(got.why->code == errc::statement_failed);
        CHECK(got.why->sqlstate == "22012");
        CHECK(got.why->statement == std::size_t{1});
    }
    others.stop();
    CHECK(others.rejected() == 0);
    CHECK(others.audit(shared_postgres(), two.database()) == "");
}

TEST_CASE("forbidden and malformed writes are refused with what and why, through a follower too") {
    cluster two({.nodes = 2});
    two.wait_for_leader();
    for (std::size_t i = 0; i < 2; ++i) {
        write forbidden;
        forbidden.add("COMMIT");
        const auto got = two[i].submit("orders", std::move(forbidden));
        REQUIRE(got.outcome == outcome::rejected);
        CHECK(got.why->code == errc::forbidden_statement);
        const auto empty = two[i].submit("orders", write{});
        REQUIRE(empty.outcome == outcome::rejected);
        CHECK(empty.why->code == errc::malformed_write);
    }
    const auto unknown = two[0].submit("payments", mark("", "x"));
    REQUIRE(unknown.outcome == outcome::rejected);
    CHECK(unknown.why->code == errc::unknown_group);
}

TEST_CASE("a handover under load is a pause, not an error") {
    cluster three;
    load::prepare(shared_postgres(), three.database());
    three.wait_for_leader();
    load writers("orders", false);
    for (std::size_t i = 0; i < 3; ++i) writers.add_writers(three[i], 8);
    for (int round = 0; round < 6; ++round) {
        const auto heir = three.name(static_cast<std::size_t>(round % 3));
        const auto before = writers.committed();
        CHECK(three[1].handover("orders", heir).leader == heir);
        wait_until("writes go on", [&] { return writers.committed() > before + 100; });
    }
    writers.stop();
    INFO((writers.reasons().empty() ? "" : writers.reasons().front()));
    CHECK(writers.rejected() == 0);
    CHECK(writers.unknown() == 0);
    CHECK(writers.audit(shared_postgres(), three.database()) == "");
    const auto history = three[0].history("orders");
    REQUIRE(history.size() >= 4);
    CHECK(std::ranges::is_sorted(history, {}, &term_record::number));
    CHECK(history.back().began == "handover");
}

TEST_CASE("stopping the leader loses nothing") {
    cluster three;
    load::prepare(shared_postgres(), three.database());
    const auto leader = three.wait_for_leader();
    load writers("orders", true);
    for (std::size_t i = 0; i < 3; ++i) {
        if (i != leader) writers.add_writers(three[i], 8);
    }
    wait_until("writes flow", [&] { return writers.committed() > 200; });
    three.remove(leader);
    const auto before = writers.committed();
    wait_until("writes go on", [&] { return writers.committed() > before + 200; });
    writers.stop();
    CHECK(writers.rejected() == 0);
    CHECK(writers.unknown() == 0);
    CHECK(writers.audit(shared_postgres(), three.database()) == "");
}

TEST_CASE("a follower that stops waits for the answers to what it has forwarded") {
    cluster two({.nodes = 2});
    load::prepare(shared_postgres(), two.database());
    const auto leader = two.wait_for_leader();
    auto& follower = two[1 - leader];
    auto slow = mark("slow", "slow");
    slow.add("SELECT pg_sleep(1)");
    auto answer = follower.get().submit("orders", std::move(slow), boost::asio::use_future);
    wait_until("it is forwarded", [&] { return follower.status("orders").counters.forwarded == 1; });
    follower.stop();
    CHECK(answer.get().outcome == outcome::committed);
}

TEST_CASE("without a leader a write waits to its deadline, and then says that nobody led and who did last") {
    cluster two({.nodes = 2});
    load::prepare(shared_postgres(), two.database());
    const auto leader = two.wait_for_leader();
    const auto other = 1 - leader;
    two[other].pause("orders", true);
    wait_until("the pause is known", [&] { return two[other].status("orders").paused; });
    const auto last = two.name(leader);
    two.remove(leader);
    auto late = mark("late", "late");
    late.deadline(300ms);
    const auto got = two[other].submit("orders", std::move(late));
    REQUIRE(got.outcome == outcome::rejected);
    CHECK(got.why->code == errc::no_leader);
    CHECK(got.why->message.find(last) != std::string::npos);

    two[other].pause("orders", false);
    const auto retried = two[other].submit("orders", mark("late", "late"));
    CHECK(retried.outcome == outcome::committed);
}

TEST_CASE("an observer forwards and never leads") {
    cluster none({.nodes = 0});
    load::prepare(shared_postgres(), none.database());
    auto watching = none.node_options(0);
    watching.groups[0].observer = true;
    none.add(watching);
    none.add(none.node_options(1));
    CHECK(none.wait_for_leader() == 1);
    CHECK(none[0].submit("orders", mark("", "through an observer")).outcome == outcome::committed);
    CHECK(none[0].status("orders").now.role == role::observer);
    CHECK_THROWS_AS(none[1].handover("orders", none.name(0)), exception);
}

TEST_CASE("the host hears every change of leadership in order") {
    cluster two({.nodes = 2});
    two.wait_for_leader();
    for (int round = 0; round < 4; ++round) two[0].handover("orders", "");
    for (std::size_t i = 0; i < 2; ++i) {
        wait_until("it has heard of the last leader", [&] { return two[i].heard().back().term >= 5; });
        std::uint64_t newest = 0;
        for (const auto& now : two[i].heard()) {
            CHECK(now.group == "orders");
            if (now.term == 0) continue;
            CHECK(now.term >= newest);
            newest = now.term;
        }
        CHECK(newest >= 5);
    }
}

TEST_CASE("a group without a database is an election only") {
    cluster none({.nodes = 0, .initialise = false});
    for (std::size_t i = 0; i < 2; ++i) {
        auto settings = none.node_options(i);
        settings.groups[0].database.clear();
        none.add(std::move(settings));
    }
    wait_until("one leads", [&] { return none.leader().has_value(); });
    const auto got = none[0].submit("orders", mark("", "x"));
    REQUIRE(got.outcome == outcome::rejected);
    CHECK(got.why->code == errc::invalid_argument);
    const auto before = none.leader().value();
    none.remove(before);
    wait_until("the other leads", [&] { return none[1 - before].leads("orders"); });
}

TEST_CASE("several groups of one node share its session and are led apart") {
    cluster none({.nodes = 0});
    for (std::size_t i = 0; i < 2; ++i) {
        auto settings = none.node_options(i);
        settings.groups[0].priority = i == 0 ? 10 : 0;
        auto second = settings.groups[0];
        second.name = "payments";
        second.priority = i == 1 ? 10 : 0;
        settings.groups.push_back(second);
        none.add(std::move(settings));
    }
    wait_until("both groups have a leader", [&] {
        return (none[0].leads("orders") || none[1].leads("orders")) &&
               (none[0].leads("payments") || none[1].leads("payments"));
    });
    none[0].pause("payments", true);
    wait_until("only payments is paused",
               [&] { return none[1].status("payments").paused && !none[1].status("orders").paused; });
}

}  // namespace penholder::testing
