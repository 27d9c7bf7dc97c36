#include "daemons.hpp"
#include "formats.hpp"
#include "support/patience.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace penholder::testing;
using penholder::cli::ended;
namespace json = boost::json;
using words = std::vector<std::string>;

TEST_CASE("status shows who leads and how each member is") {
    auto& group = three_daemons();
    const int leader = group.wait_for_leader();
    const ended shown = group.ask({"status"});
    CAPTURE(shown.out, shown.err);
    CHECK(shown.code == 0);
    CHECK(shown.err.empty());
    CHECK(shown.out.find("leader orders-" + std::to_string(leader) + "  serving  since ") != std::string::npos);
    const auto value = json::parse(group.ask({"status", "-o", "json"}).out);
    CHECK(value.at("ensemble_reached") == true);
    const auto& members = value.at("groups").at(0).at("members").as_array();
    REQUIRE(members.size() == 3);
    for (const auto& each : members) {
        CHECK(each.at("health") == "ok");
        CHECK(each.at("eligible") == true);
        CHECK(each.at("version") == "0.1.0");
    }
}

TEST_CASE("every command that reads works in every format, with data only on stdout") {
    auto& group = three_daemons();
    group.wait_for_leader();
    const std::vector<words> commands{{"status"},
                                      {"leader"},
                                      {"members"},
                                      {"history"},
                                      {"doctor"},
                                      {"init", "--database", group.database()},
                                      {"explain", "--database", group.database(), "SELECT 1"},
                                      {"config-check", group.config(1)}};
    for (const words& each : commands) {
        const auto in = [&](const std::string& format) {
            words asked = each;
            asked.insert(asked.end(), {"-o", format});
            const ended shown = group.ask(asked);
            CAPTURE(asked, shown.err);
            CHECK(shown.code == 0);
            return shown.out;
        };
        CAPTURE(each);
        CHECK_FALSE(in("table").empty());
        CHECK(is_json(in("json")));
        CHECK(is_tsv(in("tsv")));
        CHECK(in("yaml").find(": ") != std::string::npos);
    }
}

TEST_CASE("doctor finds a healthy group healthy, and its fence at the leader's term") {
    auto& group = three_daemons();
    group.wait_for_leader();
    const ended examined = group.ask({"doctor", "--database", group.database()});
    CAPTURE(examined.out, examined.err);
    CHECK(examined.code == 0);
    CHECK(examined.out.find("fence of orders  is at term ") != std::string::npos);
    CHECK(examined.out.find(", raised by orders-") != std::string::npos);
    CHECK(examined.out.find(": the leader's") != std::string::npos);
    CHECK(examined.out.find("differs from this machine's") == std::string::npos);
    CHECK(examined.out.find("standalone, version 3.") != std::string::npos);
    const ended configured = group.ask({"doctor", "--config", group.config(2)});
    CHECK(configured.code == 0);
    CHECK(configured.out.find("fence of orders") != std::string::npos);
}

TEST_CASE("doctor ends with 1 where the fence is ahead of the leader") {
    auto& group = three_daemons();
    group.wait_for_leader();
    group.postgres.create_database("elsewhere");
    const std::string elsewhere = group.postgres.conninfo("elsewhere");
    REQUIRE(group.ask({"init", "--database", elsewhere}).code == 0);
    const ended examined = group.ask({"doctor", "--database", elsewhere});
    CAPTURE(examined.out);
    CHECK(examined.code == 1);
    CHECK(examined.out.find("fail  fence of orders  is at term 0: behind term ") != std::string::npos);
}

TEST_CASE("the configuration file tells where ensemble and nodes are") {
    auto& group = three_daemons();
    group.wait_for_leader();
    const ended shown = penholder::cli::run_cli({"status", "--config", group.config(1)});
    CHECK(shown.code == 0);
    CHECK(shown.err.empty());
}

TEST_CASE("a group that is not there is named") {
    const ended refused = three_daemons().ask({"status", "-g", "stock"});
    CHECK(refused.code == 1);
    CHECK(refused.err.find("no group 'stock'") != std::string::npos);
}

TEST_CASE("a root without groups is an answer, and leads to nobody") {
    auto& group = three_daemons();
    const ended shown = group.ask({"status", "--root", "/elsewhere"});
    CHECK(shown.code == 0);
    CHECK(shown.err.find("no group under /elsewhere") != std::string::npos);
    CHECK(group.ask({"leader", "--root", "/elsewhere"}).code == 3);
}

TEST_CASE("watch tells the state first, as json by line, and ends after so many changes") {
    auto& group = three_daemons();
    group.wait_for_leader();
    const ended watched = group.ask({"watch", "--count", "4", "--for", "20s", "-o", "json"});
    CHECK(watched.code == 0);
    CHECK(watched.err.empty());
    std::istringstream lines(watched.out);
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) CHECK(is_json(line));
    CHECK(count == 4);
    CHECK(is_tsv(group.ask({"watch", "--count", "2", "-o", "tsv"}).out));
    CHECK(group.ask({"watch", "--count", "2", "-o", "yaml"}).out.starts_with("---\nat: \""));
}

TEST_CASE("watch ends with 0 at Ctrl-C") {
    auto& group = three_daemons();
    group.wait_for_leader();
    const temporary_directory folder;
    process watching(
        {.command = {PENHOLDER_BINARY_DIR "/bin/penholder", "watch", "-z", group.zookeeper.connect_string()},
         .log_file = folder / "watch.log"});
    wait_until("the first changes", [&] { return watching.log().find("joined") != std::string::npos; });
    watching.send(SIGINT);
    CHECK(watching.wait() == 0);
}

}  // namespace
