#include "support/patience.hpp"
#include "support/ports.hpp"
#include "support/postgres_server.hpp"
#include "support/process.hpp"
#include "support/zookeeper_server.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>

#include <set>
#include <thread>

using namespace penholder::testing;
using namespace std::chrono_literals;

TEST_CASE("a process tells its exit code, its output and the signal that ended it") {
    const temporary_directory home;
    process greeting({.command = {"sh", "-c", "echo hello; exit 3"}, .log_file = home / "log"});
    CHECK(greeting.wait() == 3);
    CHECK(greeting.log() == "hello\n");

    process sleeper({.command = {"sleep", "60"}});
    CHECK(sleeper.running());
    sleeper.send(SIGTERM);
    CHECK(sleeper.wait() == 128 + SIGTERM);
}

TEST_CASE("a process ends with the object that started it, and its children with it") {
    const temporary_directory home;
    {
        process parent({.command = {"sh", "-c", "sleep 60 & echo $!; wait"}, .log_file = home / "log"});
        REQUIRE(eventually([&] { return !parent.log().empty(); }));
    }
    const auto child = std::stoi(run({.command = {"cat", home / "log"}}));
    CHECK(eventually([&] { return ::kill(child, 0) != 0; }));
}

TEST_CASE("a command that fails says what it printed") {
    CHECK_THROWS_WITH(run({.command = {"sh", "-c", "echo no such thing; exit 4"}}),
                      "`sh -c echo no such thing; exit 4` failed with 4:\nno such thing\n");
}

TEST_CASE("a program that does not exist is an error at once") {
    CHECK_THROWS_AS(process({.command = {"/no/such/program"}}), std::system_error);
}

TEST_CASE("free ports are all different") {
    const auto ports = free_ports(50);
    CHECK(std::set(ports.begin(), ports.end()).size() == 50);
}

TEST_CASE("a ZooKeeper server keeps its port through pause, kill and restart") {
    zookeeper_server server;
    CHECK(server.serving());
    CHECK(server.ask("ruok") == "imok");
    server.pause();
    CHECK(eventually([&] { return server.ask("ruok").empty(); }));
    server.resume();
    CHECK(eventually([&] { return server.ask("ruok") == "imok"; }));
    const auto port = server.port();
    server.kill();
    CHECK_FALSE(server.serving());
    server.start();
    CHECK(server.port() == port);
    CHECK(server.serving());
}

TEST_CASE("an ensemble goes on without one server and stops without two") {
    zookeeper_ensemble ensemble;
    const auto leader = ensemble.leader();
    REQUIRE(leader);
    ensemble[*leader].kill();
    ensemble.wait_for_quorum();
    const auto next = ensemble.leader();
    REQUIRE(next);
    ensemble[*next].kill();
    CHECK(eventually([&] { return !ensemble[3 - *leader - *next].serving(); }));
    ensemble[*leader].start();
    ensemble.wait_for_quorum();
    ensemble[*next].start();
    ensemble.wait_for_quorum(3);
}

TEST_CASE("a PostgreSQL server keeps its data through stop, crash and kill") {
    postgres_server server({.settings = {{"work_mem", "5MB"}}});
    CHECK(server.exec("SHOW work_mem")[0][0].as<std::string>() == "5MB");
    server.create_database("orders");
    server.exec("CREATE TABLE stock (id int)", "orders");
    server.restart();
    server.stop_immediate();
    server.start();
    server.kill();
    server.start();
    CHECK(server.exec("SELECT count(*) FROM stock", "orders")[0][0].as<int>() == 0);
}

TEST_CASE("a paused PostgreSQL server answers once it is resumed") {
    postgres_server server;
    server.pause();
    std::thread patient([&] { server.exec("SELECT 1"); });
    server.resume();
    patient.join();
}

TEST_CASE("a standby follows its primary and can be promoted") {
    postgres_server primary;
    auto standby = primary.standby();
    primary.exec("CREATE TABLE stock AS SELECT 42 AS qty");
    CHECK(eventually([&] { return standby->exec("SELECT to_regclass('stock') IS NOT NULL")[0][0].as<bool>(); }));
    primary.kill();
    standby->promote();
    standby->exec("UPDATE stock SET qty = 43");
    CHECK(standby->exec("SELECT qty FROM stock")[0][0].as<int>() == 43);
}
