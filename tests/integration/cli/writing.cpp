#include "daemons.hpp"
#include "formats.hpp"
#include "support/patience.hpp"

#include <catch2/catch_test_macros.hpp>
#include <pqxx/pqxx>

#include <future>

namespace {

using namespace penholder::testing;
using penholder::cli::ended;
namespace json = boost::json;

daemons& led() {
    auto& group = three_daemons();
    group.wait_for_leader();
    return group;
}

std::string quantity(daemons& group, int id) {
    return group.postgres.exec("SELECT qty FROM stock WHERE id = " + std::to_string(id), "orders")[0][0].c_str();
}

TEST_CASE("a write is committed once for its key, however often it is sent") {
    auto& group = led();
    group.postgres.exec("INSERT INTO stock VALUES (10, 50)", "orders");
    const std::vector<std::string> words{
        "write", "-o", "json", "--key", "order-42", "UPDATE stock SET qty = qty - $1 WHERE id = $2 RETURNING qty",
        "3",     "10"};
    const ended first = group.ask(words);
    CAPTURE(first.out, first.err);
    REQUIRE(first.code == 0);
    const auto receipt = json::parse(first.out);
    CHECK(receipt.at("outcome") == "committed");
    CHECK(receipt.at("write_id") == "order-42");
    CHECK(receipt.at("replayed") == false);
    CHECK(receipt.at("statements").at(0).at("rows").at(0).at(0) == "47");
    const ended again = group.ask(words);
    CHECK(again.code == 0);
    CHECK(json::parse(again.out).at("replayed") == true);
    CHECK(quantity(group, 10) == "47");
}

TEST_CASE("a write works in every format and through any node") {
    auto& group = led();
    group.postgres.exec("INSERT INTO stock VALUES (11, 0)", "orders");
    for (int number = 1; number <= 3; ++number) {
        for (const auto* format : {"table", "json", "yaml", "tsv"}) {
            const ended done = penholder::cli::run_cli({"write", "-o", format, "-n", group.url(number), "--",
                                                        "UPDATE stock SET qty = qty - $1 WHERE id = 11", "-1"});
            CAPTURE(format, done.out, done.err);
            CHECK(done.code == 0);
            if (std::string(format) == "json") CHECK(is_json(done.out));
            if (std::string(format) == "tsv") CHECK(is_tsv(done.out));
        }
    }
    CHECK(quantity(group, 11) == "12");
}

TEST_CASE("several statements come from standard input and take effect together") {
    auto& group = led();
    const ended done = group.ask({"write", "-"}, R"json([{"sql":"INSERT INTO stock VALUES ($1, $2)","params":[12, 5]
},
        {"sql":"UPDATE stock SET qty = qty + 1 WHERE id = 12","expect_rows":1}])json");
    CAPTURE(done.out, done.err);
    CHECK(done.code == 0);
    CHECK(quantity(group, 12) == "6");
}

TEST_CASE("a parameter can be NULL") {
    auto& group = led();
    const ended done = group.ask({"write", "-o", "json", "SELECT $1::text IS NULL", "\\N"});
    CAPTURE(done.out, done.err);
    CHECK(done.code == 0);
    CHECK(json::parse(done.out).at("statements").at(0).at("rows").at(0).at(0) == "t");
}

TEST_CASE("a rejected write's key is forgotten on purpose, and a committed one's is not") {
    auto& group = led();
    const std::vector<std::string> early{"write", "-o", "json", "--key", "early", "INSERT INTO later VALUES (1)"};
    const ended failed = group.ask(early);
    CHECK(failed.code == 4);
    CHECK(failed.err.find("hint: Create the table") != std::string::npos);
    group.postgres.exec("CREATE TABLE later (id int)", "orders");
    CHECK(group.ask(early).code == 4);
    const ended forgotten = group.ask({"forget", "-o", "json", "early"});
    CAPTURE(forgotten.out, forgotten.err);
    REQUIRE(forgotten.code == 0);
    CHECK(json::parse(forgotten.out).at("why").at("sqlstate") == "42P01");
    CHECK(group.ask(early).code == 0);
    const ended kept = group.ask({"forget", "early"});
    CHECK(kept.code == 4);
    CHECK(kept.err.find("was committed") != std::string::npos);
    CHECK(group.ask({"forget", "never-seen"}).code == 1);
}

TEST_CASE("a rejected write ends with 4 and says why") {
    auto& group = led();
    const ended failed = group.ask({"write", "-o", "json", "UPDATE nonsense SET a = 1"});
    CHECK(failed.code == 4);
    CHECK(json::parse(failed.out).at("outcome") == "rejected");
    CHECK(json::parse(failed.out).at("why").at("sqlstate") == "42P01");
    CHECK(failed.err.find("nonsense") != std::string::npos);
    CHECK(group.ask({"write", "--expect-rows", "1", "UPDATE stock SET qty = 0 WHERE id = -1"}).code == 4);
    CHECK(group.ask({"write", "COMMIT"}).code == 4);
    CHECK(group.ask({"write", "--key", "twice", "SELECT 1"}).code == 0);
    const ended reused = group.ask({"write", "--key", "twice", "-o", "tsv", "SELECT 2"});
    CHECK(reused.code == 4);
    CHECK(reused.out.find("key_reused") != std::string::npos);
}

TEST_CASE("a write for a group that the node is not in is refused") {
    auto& group = led();
    const ended refused = group.ask({"write", "-g", "stock", "SELECT 1"});
    CHECK(refused.code == 1);
    CHECK(refused.err.find("no group 'stock'") != std::string::npos);
}

TEST_CASE("init prepares a database once, says what it did, and refuses what it does not know") {
    auto& group = three_daemons();
    group.postgres.create_database("fresh");
    group.postgres.exec("CREATE ROLE lane_of_fresh LOGIN", "fresh");
    const std::string database = group.postgres.conninfo("fresh");
    const ended first = group.ask({"init", "--database", database, "--lane-role", "lane_of_fresh", "-o", "json"});
    CAPTURE(first.out, first.err);
    CHECK(first.code == 0);
    CHECK(json::parse(first.out).at(0).at("schema") == "created");
    CHECK(json::parse(first.out).at(0).at("lane_role") == "lane_of_fresh");
    const ended second = group.ask({"init", "--database", database, "-o", "json"});
    CHECK(second.code == 0);
    CHECK(json::parse(second.out).at(0).at("schema") == "unchanged");
    CHECK(group.ask({"init", "--database", database, "--lane-role", "nobody_there"}).code == 2);
    const ended away = group.ask({"init", "--database", "host=/nonexistent dbname=x"});
    CHECK(away.code == 1);
    CHECK(away.out.empty());
}

TEST_CASE("explain says which way a statement takes, and why") {
    auto& group = three_daemons();
    group.postgres.create_database("explained");
    const std::string database = group.postgres.conninfo("explained");
    REQUIRE(group.ask({"init", "--database", database}).code == 0);
    group.postgres.exec("CREATE TABLE orders (id int PRIMARY KEY, note text, at timestamptz)", "explained");
    const auto explained = [&](const std::string& sql) {
        const ended shown = group.ask({"explain", "--database", database, "-o", "json", "--", sql});
        CAPTURE(sql, shown.out, shown.err);
        REQUIRE(shown.code == 0);
        return json::parse(shown.out);
    };
    const auto plain = explained("UPDATE orders SET at = now(), note = $1 WHERE id = $2");
    CHECK(plain.at("way") == "lane");
    CHECK(plain.at("parameters") == 2);
    CHECK(plain.at("stamped_tables").as_array() == json::array{"public.orders"});
    const auto told = explained("SELECT pg_notify('c', 'x')");
    CHECK(told.at("way") == "session");
    CHECK(told.at("why") == "volatile_function");
    CHECK(told.at("detail") == "pg_catalog.pg_notify()");
    CHECK(told.at("kept_connection") == true);
    CHECK(explained("CREATE TABLE other (a int)").at("why") == "never");
    CHECK(explained("SELECT nothing FROM orders").at("why") == "refused");
    const ended refused = group.ask({"explain", "--database", database, "COMMIT"});
    CHECK(refused.code == 4);
    CHECK(refused.out.empty());
    CHECK(refused.err.find("COMMIT is not permitted") != std::string::npos);
}

TEST_CASE("status and doctor name whoever holds the row that a write waits for, while it waits") {
    auto& group = led();
    group.postgres.exec("INSERT INTO stock VALUES (13, 5)", "orders");
    pqxx::connection outside(group.database() + " application_name=nightly");
    pqxx::work work(outside);
    work.exec("UPDATE stock SET qty = qty WHERE id = 13");
    const auto pid = std::to_string(outside.backendpid());
    auto waits = std::async(std::launch::async, [&] {
        return group.ask({"write", "--key", "patient", "--timeout", "30s", "UPDATE stock SET qty = 6 WHERE id = 13"});
    });
    const auto holder = "write patient waits for a lock held by pid " + pid + ", application 'nightly'";
    wait_until("status names the holder", [&] { return group.ask({"status"}).out.find(holder) != std::string::npos; });
    const auto value = json::parse(group.ask({"status", "-o", "json"}).out);
    CHECK(std::to_string(value.at("groups").at(0).at("lock_waits").at(0).at("pid").to_number<int>()) == pid);
    const ended examined = group.ask({"doctor"});
    CHECK(examined.out.find(holder) != std::string::npos);
    CHECK(examined.out.find("pg_terminate_backend(" + pid + ")") != std::string::npos);
    work.abort();
    CHECK(waits.get().code == 0);
    CHECK(group.ask({"status"}).out.find("waits for a lock") == std::string::npos);
    CHECK(quantity(group, 13) == "6");
}

}  // namespace
