#include "fixture.hpp"

#include <atomic>
#include <thread>

using namespace penholder;
using namespace penholder::testing;
using namespace std::chrono_literals;

TEST_CASE("a fence is raised once per term, and a refusal names who holds it") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    const auto first = node.wait(node.database.probe());
    INFO((first.has_error() ? first.error().message : std::string()));
    REQUIRE(first.has_value());
    CHECK(first->term.value == 0);
    CHECK(node.wait(node.database.raise_fence({4}, "node-1", "one:1"))->raised);
    CHECK(node.wait(node.database.raise_fence({4}, "node-1", "one:1"))->raised);
    const auto refused = node.wait(node.database.raise_fence({4}, "node-2", "two:2"));
    REQUIRE(refused.has_value());
    CHECK_FALSE(refused->raised);
    CHECK(refused->record.leader == "node-1");
    CHECK(refused->record.endpoint == "one:1");
    CHECK_FALSE(node.wait(node.database.raise_fence({3}, "node-2", "two:2"))->raised);
}

TEST_CASE("a deposed leader cannot commit and learns who fenced it") {
    const auto name = fresh_database();
    node_view old(shared_server().conninfo(name));
    old.lead(1);
    old.answer(old.send(increment("a")));
    node_view successor(shared_server().conninfo(name));
    successor.lead(2, "node-2");
    const auto& late = old.answer(old.send(increment("b")));
    CHECK(late.verdict == write_verdict::handed_back);
    CHECK(late.why == errc::not_leader);
    old.run_until([&] { return old.fenced_by.has_value(); });
    CHECK(old.fenced_by->leader == "node-2");
    CHECK(old.fenced_by->term.value == 2);
    CHECK(old.lane->state() == lane::lane_state::closed);
    CHECK(successor.answer(successor.send(increment("b"))).receipt.outcome == outcome::committed);
    CHECK(one_value(name, "SELECT n FROM counter") == "2");
}

TEST_CASE("a new leader ends a transaction of the old term that does not end by itself") {
    const auto name = fresh_database();
    group_options group;
    group.fence_wait_ms = 200;
    node_view node(shared_server().conninfo(name), group);
    REQUIRE(node.wait(node.database.raise_fence({1}, "node-1", "one:1"))->raised);
    pqxx::connection stuck(shared_server().conninfo(name));
    pqxx::work open(stuck);
    open.exec("SELECT penholder.take_slot('g', 0), penholder.guard('g', 1, 0)");
    open.exec("UPDATE counter SET n = 100");
    CHECK(node.wait(node.database.raise_fence({2}, "node-2", "two:2"))->raised);
    CHECK_THROWS(open.exec("SELECT 1"));
    CHECK(one_value(name, "SELECT n FROM counter") == "0");
}

namespace {

void take_slot(pqxx::connection& over, int slot) {
    pqxx::nontransaction(over).exec("SELECT penholder.take_slot('g', " + std::to_string(slot) + ")");
}

/// A leader of term 1 that checks its term by `check`, pauses, is deposed by `raise` in the meantime, and commits.
/// Answers whether the write of the deposed leader took effect after the new term had begun.
bool deposed_leader_commits(const std::string& begin, const std::string& check, const std::string& raise) {
    const auto name = fresh_database();
    const auto conninfo = shared_server().conninfo(name);
    shared_server().exec("INSERT INTO penholder.fence (grp, term) VALUES ('g', 1)", name);
    pqxx::connection old(conninfo);
    take_slot(old, 0);
    pqxx::nontransaction leader(old);
    leader.exec(begin);
    const auto seen = leader.exec(check);
    REQUIRE_FALSE(seen.empty());
    std::atomic<bool> raised = false;
    std::thread successor([&] {
        pqxx::connection fresh(conninfo);
        pqxx::nontransaction work(fresh);
        work.exec(raise);
        raised = true;
    });
    const bool began_too_early = eventually([&] { return raised.load(); }, 300ms);
    leader.exec("UPDATE counter SET n = n + 1");
    leader.exec("COMMIT");
    successor.join();
    return began_too_early && one_value(name, "SELECT n FROM counter") == "1";
}

/// The other half of the race: the successor's raise is under way when the leader checks. Answers whether it commits.
bool passes_after_waiting(const std::string& begin, const std::string& check, const std::string& raise) {
    const auto name = fresh_database();
    const auto conninfo = shared_server().conninfo(name);
    shared_server().exec("INSERT INTO penholder.fence (grp, term) VALUES ('g', 1)", name);
    pqxx::connection old(conninfo);
    take_slot(old, 0);
    pqxx::connection fresh(conninfo);
    pqxx::work successor(fresh);
    successor.exec(raise);
    std::atomic<bool> committed = false;
    std::thread deposed([&] {
        try {
            pqxx::nontransaction leader(old);
            leader.exec(begin);
            const auto seen = leader.exec(check);
            if (seen.empty()) return;
            leader.exec("UPDATE counter SET n = n + 1");
            leader.exec("COMMIT");
            committed = true;
        } catch (const pqxx::failure&) {
            committed = false;
        }
    });
    eventually([&] { return one_value(name, "SELECT count(*) FROM pg_locks WHERE NOT granted") != "0"; });
    successor.commit();
    deposed.join();
    return committed;
}

constexpr auto begin = "BEGIN";
constexpr auto raise_plain = "UPDATE penholder.fence SET term = 2 WHERE grp = 'g' AND term < 2";
constexpr auto raise_locked =
    "SELECT pg_advisory_xact_lock(7); UPDATE penholder.fence SET term = 2 WHERE grp = 'g' AND term < 2";
constexpr auto guard = "SELECT penholder.guard('g', 1, 0)";
constexpr auto raise_fence = "SELECT penholder.raise_fence('g', 2, 'node-2', 'two:2')";

}  // namespace

TEST_CASE("a plain look at the term lets a deposed leader commit") {
    CHECK(deposed_leader_commits(begin, "SELECT 1 FROM penholder.fence WHERE grp = 'g' AND term = 1", raise_plain));
}

TEST_CASE("FOR KEY SHARE lets a deposed leader commit") {
    CHECK(deposed_leader_commits(begin, "SELECT 1 FROM penholder.fence WHERE grp = 'g' AND term = 1 FOR KEY SHARE",
                                 raise_plain));
}

TEST_CASE("an advisory lock and the check in one statement let a deposed leader commit") {
    CHECK(passes_after_waiting(
        begin, "SELECT pg_advisory_xact_lock_shared(7) FROM penholder.fence WHERE grp = 'g' AND term = 1",
        raise_locked));
}

TEST_CASE("an advisory lock under REPEATABLE READ lets a deposed leader commit") {
    CHECK(passes_after_waiting(
        "BEGIN ISOLATION LEVEL REPEATABLE READ",
        "SELECT pg_advisory_xact_lock_shared(7); SELECT 1 FROM penholder.fence WHERE grp = 'g' AND term = 1",
        raise_locked));
}

TEST_CASE("the guard refuses a deposed leader in the same races") {
    CHECK_FALSE(deposed_leader_commits(begin, guard, raise_fence));
    CHECK_FALSE(passes_after_waiting(begin, guard, raise_fence));
    CHECK_FALSE(passes_after_waiting("BEGIN ISOLATION LEVEL REPEATABLE READ", guard, raise_fence));
}

namespace {

/// The lane and eight sessions of term 1, each writing without a pause in its slot until the database refuses it.
class old_term {
public:
    explicit old_term(const std::string& name) {
        for (int slot = 0; slot <= 8; ++slot) writers_.emplace_back([this, name, slot] { write(name, slot); });
    }
    ~old_term() { join(); }

    void join() {
        stop_ = true;
        for (auto& each : writers_) {
            if (each.joinable()) each.join();
        }
    }

    std::atomic<int> refused = 0;  ///< By the guard.
    std::atomic<int> ended = 0;    ///< In another way.
    std::atomic<int> begun = 0;

private:
    void write(const std::string& name, int slot) {
        std::string many;
        for (int i = 0; i < 20; ++i) {
            many += "BEGIN; SELECT penholder.guard('g', 1, " + std::to_string(slot) +
                    "); INSERT INTO written VALUES (1); COMMIT; ";
        }
        try {
            pqxx::connection own(shared_server().conninfo(name));
            take_slot(own, slot);
            pqxx::nontransaction work(own);
            while (!stop_) {
                work.exec(many);
                ++begun;
            }
        } catch (const pqxx::sql_error& why) {
            ++(why.sqlstate() == "PH001" ? refused : ended);
        } catch (const pqxx::failure&) {
            ++ended;
        }
    }

    std::atomic<bool> stop_ = false;
    std::vector<std::thread> writers_;
};

}  // namespace

TEST_CASE("a raise passes between transactions that never pause, and after it none of the old term commits") {
    const auto name = fresh_database();
    shared_server().exec("CREATE TABLE written (term int)", name);
    node_view node(shared_server().conninfo(name));
    for (std::uint64_t round = 0; round < 3; ++round) {
        shared_server().exec("UPDATE penholder.fence SET term = 1", name);
        REQUIRE(node.wait(node.database.raise_fence({1}, "", "")).has_value());
        old_term busy(name);
        REQUIRE(eventually([&] { return busy.begun > 20; }));
        const auto begun = std::chrono::steady_clock::now();
        REQUIRE(node.wait(node.database.raise_fence({2 + round}, "node-2", "two:2"))->raised);
        CHECK(std::chrono::steady_clock::now() - begun < patience(4s));
        const auto at_that_moment = one_value(name, "SELECT count(*) FROM written");
        busy.join();
        CHECK(busy.refused + busy.ended == 9);
        CHECK(one_value(name, "SELECT count(*) FROM written") == at_that_moment);
    }
}

TEST_CASE("a raise waits for a session's transaction as for the lane's, in every slot") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    REQUIRE(node.wait(node.database.raise_fence({1}, "node-1", "one:1"))->raised);
    std::uint64_t term = 1;
    for (const int slot : {0, 1, 8, 64}) {
        pqxx::connection own(shared_server().conninfo(name));
        take_slot(own, slot);
        pqxx::work session(own);
        session.exec("SELECT penholder.guard('g', " + std::to_string(term) + ", " + std::to_string(slot) + ")");
        session.exec("UPDATE counter SET n = n + 1");
        std::atomic<bool> raised = false;
        std::thread successor([&] {
            shared_server().exec("SELECT penholder.raise_fence('g', " + std::to_string(term + 1) + ", 'n', 'e')", name);
            raised = true;
        });
        CHECK_FALSE(eventually([&] { return raised.load(); }, 200ms));
        session.commit();
        successor.join();
        ++term;
        pqxx::connection late(shared_server().conninfo(name));
        pqxx::work deposed(late);
        CHECK_THROWS_AS(
            deposed.exec("SELECT penholder.guard('g', " + std::to_string(term - 1) + ", " + std::to_string(slot) + ")"),
            pqxx::sql_error);
    }
    CHECK(one_value(name, "SELECT n FROM counter") == "4");
}

TEST_CASE("what an earlier connection still receives is refused in the same term, in every slot") {
    const auto name = fresh_database();
    const auto conninfo = shared_server().conninfo(name);
    const auto refusal = [](pqxx::connection& over, int slot) {
        try {
            pqxx::work(over).exec("SELECT penholder.guard('g', 1, " + std::to_string(slot) + ")");
            return std::string("none");
        } catch (const pqxx::sql_error& why) {
            return why.sqlstate();
        }
    };
    pqxx::connection earlier(conninfo);
    pqxx::connection later(conninfo);
    pqxx::nontransaction(earlier).exec("SELECT penholder.enroll('g')");
    pqxx::nontransaction(earlier).exec("SELECT penholder.raise_fence('g', 1, 'node-1', 'one:1')");
    for (const int slot : {0, 1, 64}) {
        if (slot > 0) take_slot(earlier, slot);
        CHECK(refusal(earlier, slot) == "none");
        CHECK(refusal(later, slot) == "PH003");
        take_slot(later, slot);
        CHECK(refusal(later, slot) == "none");
        CHECK(refusal(earlier, slot) == "PH003");
    }
    pqxx::nontransaction(earlier).exec("SELECT penholder.raise_fence('g', 1, 'node-1', 'one:1')");
    CHECK(refusal(earlier, 0) == "none");
    CHECK(refusal(later, 0) == "PH003");
    CHECK(refusal(later, 1) == "none");
}

TEST_CASE("a lane that connects again does not wait for its sessions") {
    const auto name = fresh_database();
    node_view node(shared_server().conninfo(name));
    node.lead(1);
    penholder::write slow("slow");
    slow.add("SELECT pg_sleep(1.5)");
    const auto running = node.send(slow);
    node.run_until([&] { return sleeping(name) == 1; });
    shared_server().exec(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'penholder lane%' AND "
        "datname = current_database()",
        name);
    node.run_until([&] { return node.opened == 2; });
    CHECK(sleeping(name) == 1);
    CHECK(node.answer(running).receipt.outcome == outcome::committed);
}

TEST_CASE("a promoted standby is the database that its primary was; one that was made anew is another") {
    postgres_server primary;
    primary.create_database("orders");
    REQUIRE(postgres::init_schema(primary.conninfo("orders")).has_value());
    const auto standby = primary.standby();
    node_view before(primary.conninfo("orders"));
    const auto identity = before.wait(before.database.probe())->database;
    const auto system = primary.exec("SELECT system_identifier FROM pg_control_system()")[0][0].as<std::string>();
    const auto oid = primary.exec("SELECT oid FROM pg_database WHERE datname = 'orders'")[0][0].as<std::string>();
    CHECK(identity == system + "/" + oid);
    primary.stop();
    standby->promote();
    node_view promoted(standby->conninfo("orders"));
    CHECK(promoted.wait(promoted.database.probe())->database == identity);
    standby->exec("DROP DATABASE orders WITH (FORCE)");
    standby->create_database("orders");
    REQUIRE(postgres::init_schema(standby->conninfo("orders")).has_value());
    node_view anew(standby->conninfo("orders"));
    CHECK(anew.wait(anew.database.probe())->database != identity);
}

TEST_CASE("where the connection string leads to another database all at once, no fence is raised and no lane opens") {
    const auto name = fresh_database();
    const auto other = fresh_database();
    node_view node(shared_server().conninfo(name));
    REQUIRE(node.wait(node.database.probe()).has_value());
    node.lead(4);
    const auto swap = [](const std::string& away, const std::string& there) {
        for (const auto& each : {away, there}) {
            shared_server().exec("ALTER DATABASE " + each + " ALLOW_CONNECTIONS false");
            shared_server().exec("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '" +
                                 each + "'");
        }
        shared_server().exec("ALTER DATABASE " + away + " RENAME TO " + away + "_away");
        shared_server().exec("ALTER DATABASE " + there + " RENAME TO " + away);
        shared_server().exec("ALTER DATABASE " + away + " ALLOW_CONNECTIONS true");
    };
    swap(name, other);
    node.run_until([&] { return node.lost >= 3; });
    CHECK(node.opened == 1);
    const auto refused = node.wait(node.database.raise_fence({5}, "node-1", "node-1:1"));
    REQUIRE(refused.has_error());
    CHECK(refused.error().message.find("leads to database") != std::string::npos);
    CHECK(one_value(name, "SELECT coalesce(max(term), 0) FROM penholder.fence") == "0");
}
