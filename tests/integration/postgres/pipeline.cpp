// What goes over one connection: nothing behind what could not be sent, no more rows than may be, and each error whole.
#include "postgres/pipeline.hpp"

#include "databases.hpp"
#include "postgres/measured_read.hpp"
#include "postgres/server_connection.hpp"
#include "support/memory.hpp"
#include "support/patience.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <libpq-fe.h>

#include <deque>
#include <sys/ioctl.h>
#include <utility>

using namespace penholder;
using namespace penholder::testing;
using namespace std::chrono_literals;
using kind = lane::reply::kind;

namespace {

/// A pipeline over a connection of its own, and what came over it.
class line {
public:
    explicit line(const std::string& database) : database_(database) {
        group_options group{};
        group.name = "g";
        group.database = shared_server().conninfo(database);
        auto made = postgres::connect(group, "test");
        REQUIRE(made.has_value());
        postgres::pipeline::listener events;
        events.on_replies = [this](std::vector<lane::reply> replies) { rounds.push_back(std::move(replies)); };
        events.on_too_large = [this] { cancel(); };
        events.on_lost = [this](error why) { lost = std::move(why); };
        over = std::make_shared<postgres::pipeline>(io.get_executor(), std::move(*made), std::move(events));
        over->start();
    }
    ~line() {
        over->close();
        io.restart();
        io.poll();
    }

    void send(lane::round commands, std::size_t most = 0) { over->send(std::move(commands), most); }

    std::vector<lane::reply> next() {
        run_until([&] { return !rounds.empty(); });
        auto first = std::move(rounds.front());
        rounds.pop_front();
        return first;
    }
    std::vector<lane::reply> ask(lane::round commands, std::size_t most = 0) {
        send(std::move(commands), most);
        return next();
    }
    void run_until(const std::function<bool()>& condition) {
        const auto end = std::chrono::steady_clock::now() + patience(20s);
        while (!condition()) {
            REQUIRE(std::chrono::steady_clock::now() < end);
            io.restart();
            io.run_one_for(10ms);
        }
    }

    boost::asio::io_context io;
    std::shared_ptr<postgres::pipeline> over;
    std::deque<std::vector<lane::reply>> rounds;
    std::optional<error> lost;
    int cancelled = 0;

private:
    void cancel() {
        ++cancelled;
        one_value(database_, "SELECT pg_cancel_backend(" + std::to_string(over->backend_pid()) + ")");
        boost::asio::post(io, [this] { over->cancel_done(); });
    }

    std::string database_;
};

lane::command once(std::string sql, std::vector<parameter> params = {}) {
    return {.sql = std::move(sql), .params = std::move(params), .reuse = false};
}

lane::command again(std::string sql, std::vector<parameter> params = {}) {
    return {.sql = std::move(sql), .params = std::move(params)};
}

std::string prepared(line& over) {
    return over.ask({once("SELECT count(*) FROM pg_prepared_statements")})[0].result.rows.at(0).at(0).value();
}

}  // namespace

TEST_CASE("nothing runs behind a command that cannot be sent") {
    const auto name = fresh_database();
    line over(name);
    const std::vector<parameter> too_many(65536, parameter("1"));
    const std::string large(100000, 'x');  // More than libpq keeps to itself: it is on its way before the end.
    over.send({once("BEGIN"), once("INSERT INTO entries VALUES (1, $1)", {large}), once("UPDATE counter SET n = 7"),
               once("SELECT 1", too_many), once("COMMIT")});
    over.run_until([&] { return over.lost.has_value(); });
    CHECK(over.lost->message.find("65535") != std::string::npos);
    CHECK(over.rounds.empty());
    CHECK(eventually([&] {
        return one_value(name,
                         "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'penholder test g' "
                         "AND datname = current_database()") == "0";
    }));
    CHECK(one_value(name, "SELECT count(*) FROM entries") == "0");
    CHECK(one_value(name, "SELECT n FROM counter") == "0");
    over.send({once("UPDATE counter SET n = 8")});
    CHECK(one_value(name, "SELECT n FROM counter") == "0");
}

TEST_CASE("65,535 parameters are sent, and all arrive") {
    const auto name = fresh_database();
    line over(name);
    std::string sql = "INSERT INTO entries (id) VALUES ($1)";
    std::vector<parameter> params{parameter("1")};
    for (int i = 2; i <= 65535; ++i) {
        sql += ",($" + std::to_string(i) + ")";
        params.emplace_back(std::to_string(i));
    }
    const auto replies = over.ask({once("BEGIN"), once(sql, params), once("COMMIT")});
    CHECK(replies[1].tag == "INSERT 0 65535");
    CHECK(one_value(name, "SELECT count(*) FROM entries") == "65535");
}

TEST_CASE("rows within the bound come whole, with their columns, tags and counts") {
    const auto name = fresh_database();
    line over(name);
    const auto replies = over.ask(
        {again("SELECT i, NULL AS nothing FROM generate_series(1, 3) i"), once("SELECT 1 WHERE false"),
         once("UPDATE counter SET n = 5 RETURNING n"), once("UPDATE counter SET n = 6"), once("SELECT '' AS empty")},
        100000);
    REQUIRE(replies.size() == 5);
    CHECK(replies[0].result.columns == std::vector<std::string>{"i", "nothing"});
    CHECK(replies[0].result.rows.at(2) == std::vector<std::optional<std::string>>{"3", std::nullopt});
    CHECK(replies[0].result.rows_affected == 3);
    CHECK(replies[0].tag == "SELECT 3");
    CHECK(replies[1].result.columns.size() == 1);
    CHECK(replies[1].result.rows.empty());
    CHECK(replies[2].tag == "UPDATE 1");
    CHECK(replies[2].result.rows.at(0).at(0) == "5");
    CHECK(replies[3].result.rows_affected == 1);
    CHECK(replies[3].result.columns.empty());
    CHECK(replies[4].result.rows.at(0).at(0) == "");
    for (const auto& one : replies) CHECK_FALSE(one.too_large);
}

TEST_CASE("rows over the bound are dropped as they come, and their query is cancelled") {
    const auto name = fresh_database();
    line over(name);
    const auto before = resident_bytes();
    const auto begun = std::chrono::steady_clock::now();
    const auto replies =
        over.ask({once("BEGIN"), once("SELECT repeat('x', 100000) FROM generate_series(1, 1000000)"), once("SELECT 2")},
                 std::size_t{1} << 20U);
    CHECK(std::chrono::steady_clock::now() - begun < patience(10s));
    REQUIRE(replies.size() == 3);
    CHECK(replies[1].too_large);
    CHECK(replies[1].sqlstate == "57014");
    CHECK(replies[1].result.rows.empty());
    CHECK_FALSE(replies[1].fatal);
    CHECK(replies[2].what == kind::skipped);
    CHECK(over.cancelled == 1);
    CHECK(resident_bytes() < before + (std::size_t{48} << 20U));
    CHECK(over.ask({once("ROLLBACK")})[0].tag == "ROLLBACK");
    CHECK(over.ask({once("SELECT repeat('x', 1000)")}, 2000)[0].result.rows.size() == 1);
}

TEST_CASE("rows a little over the bound are dropped, whatever comes before and after them") {
    const auto name = fresh_database();
    line over(name);
    const auto replies =
        over.ask({once("SELECT repeat('a', 600)"), once("SELECT repeat('b', 600)"), once("SELECT 1")}, 1000);
    CHECK(replies[0].result.rows.size() == 1);
    CHECK_FALSE(replies[0].too_large);
    CHECK(replies[1].too_large);
    CHECK(replies[1].result.rows.empty());
    const auto next = over.ask({once("SELECT repeat('c', 600)")}, 1000);
    CHECK(next[0].result.rows.size() == 1);
}

TEST_CASE("one value that is larger than the bound ends the connection and is never kept") {
    const auto name = fresh_database();
    line over(name);
    const auto before = resident_bytes();
    over.send({once("SELECT 1"), once("SELECT repeat('x', 100000000)"), once("SELECT 2")}, std::size_t{1} << 20U);
    over.run_until([&] { return over.lost.has_value(); });
    CHECK(over.lost->code == errc::payload_too_large);
    REQUIRE(over.rounds.size() == 1);
    const auto replies = over.next();
    REQUIRE(replies.size() == 3);
    CHECK(replies[0].done());
    CHECK(replies[1].failed());
    CHECK(replies[1].too_large);
    CHECK_FALSE(replies[1].fatal);
    CHECK(replies[2].what == kind::skipped);
    CHECK(resident_bytes() < before + (std::size_t{48} << 20U));
}

TEST_CASE("an error that ends the connection is told before the connection is lost") {
    const auto name = fresh_database();
    line over(name);
    over.send({once("SELECT 1"), once("SELECT pg_terminate_backend(pg_backend_pid())"), once("SELECT 2")});
    over.run_until([&] { return over.lost.has_value(); });
    const auto replies = over.next();
    REQUIRE(replies.size() == 3);
    CHECK(replies[0].done());
    CHECK(replies[1].fatal);
    CHECK(replies[1].sqlstate == "57P01");
    CHECK(replies[2].what == kind::skipped);
}

TEST_CASE("an error of any class is no lost connection, in any language") {
    const auto name = fresh_database();
    line over(name);
    for (const auto* state : {"08006", "25006", "40001", "53400", "57P01", "58030", "XX000"}) {
        const auto replies =
            over.ask({once("DO $$ BEGIN RAISE 'made up' USING ERRCODE = '" + std::string(state) + "'; END $$")});
        CHECK(replies[0].failed());
        CHECK(replies[0].sqlstate == state);
        CHECK_FALSE(replies[0].fatal);
    }
    CHECK_FALSE(over.lost.has_value());
}

TEST_CASE("a text is kept prepared from its second time on") {
    const auto name = fresh_database();
    line over(name);
    for (int i = 0; i < 50; ++i) over.ask({again("SELECT " + std::to_string(i))});
    CHECK(prepared(over) == "0");
    over.ask({again("SELECT $1::int", {"1"})});
    CHECK(prepared(over) == "0");
    over.ask({again("SELECT $1::int", {"2"})});
    CHECK(prepared(over) == "1");
    CHECK(over.ask({again("SELECT $1::int", {"3"})})[0].result.rows.at(0).at(0) == "3");
    CHECK(prepared(over) == "1");
}

TEST_CASE("after DISCARD ALL texts are prepared anew") {
    const auto name = fresh_database();
    line over(name);
    for (int i = 0; i < 3; ++i) over.ask({again("SELECT 1")});
    CHECK(prepared(over) == "1");
    CHECK(over.ask({once("DISCARD ALL")})[0].done());
    CHECK(prepared(over) == "0");
    CHECK(over.ask({again("SELECT 1")})[0].done());
    CHECK(over.ask({again("BEGIN"), again("SELECT 1")})[1].done());
}

TEST_CASE("a kept statement whose plan cannot stay is prepared anew at its next turn") {
    const auto name = fresh_database();
    line over(name);
    for (int i = 0; i < 3; ++i) over.ask({again("SELECT * FROM counter")});
    shared_server().exec("ALTER TABLE counter ADD COLUMN extra int DEFAULT 4", name);
    CHECK(over.ask({again("SELECT * FROM counter")})[0].sqlstate == "0A000");
    const auto replies = over.ask({again("SELECT * FROM counter")});
    REQUIRE(replies[0].done());
    CHECK(replies[0].result.rows.at(0).at(2) == "4");
}

TEST_CASE("a measured read takes so much and no more, and in the end the value is whole") {
    group_options group{};
    group.name = "g";
    group.database = shared_server().conninfo(fresh_database());
    const auto made = postgres::connect(group, "test");
    REQUIRE(made.has_value());
    auto* handle = (*made)->handle();
    const auto waiting = [&] {
        int bytes = 0;
        ::ioctl(PQsocket(handle), FIONREAD, &bytes);
        return static_cast<std::size_t>(bytes);
    };
    constexpr std::size_t length = 150'000;  // What the socket's buffer holds.
    REQUIRE(PQsendQuery(handle, "SELECT repeat('x', 150000)") == 1);
    std::size_t all = 0;  // Of the value, and what comes before and after it.
    REQUIRE(eventually([&] {
        const auto before = std::exchange(all, waiting());
        return all > length && all == before;
    }));
    REQUIRE(postgres::measured_read(handle));
    CHECK(all - waiting() == postgres::measured_read_bytes);
    CHECK(PQisBusy(handle) == 1);
    REQUIRE(postgres::measured_read(handle));
    CHECK(all - waiting() == 2 * postgres::measured_read_bytes);
    REQUIRE(postgres::measured_read(handle));
    CHECK(waiting() == 0);
    CHECK(PQisBusy(handle) == 0);
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQgetResult(handle), &PQclear);
    CHECK(PQgetvalue(result.get(), 0, 0) == std::string(length, 'x'));
    CHECK(postgres::measured_read(handle));  // Nothing is there.
    CHECK(PQgetResult(handle) == nullptr);
    shared_server().exec("SELECT pg_terminate_backend(" + std::to_string(PQbackendPID(handle)) + ")");
    CHECK(eventually([&] { return !postgres::measured_read(handle) || PQstatus(handle) == CONNECTION_BAD; }));
}

TEST_CASE("many notices are no large answer") {
    const auto name = fresh_database();
    line over(name);
    const auto replies = over.ask({once("DO $$ BEGIN SET LOCAL client_min_messages = notice; "
                                        "FOR i IN 1..300 LOOP RAISE NOTICE '%', repeat('x', 10000); END LOOP; END $$"),
                                   once("SELECT 1")},
                                  1000);
    CHECK(replies[0].done());
    CHECK(replies[1].done());
    CHECK_FALSE(over.lost.has_value());
}
