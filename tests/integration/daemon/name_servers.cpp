// Servers and nodes that are given by name, and a name server that says nothing.
#include "running_daemon.hpp"
#include "support/patience.hpp"
#include "support/ports.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <charconv>
#include <chrono>
#include <memory>
#include <string>

using namespace penholder::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr auto domain = ".penholder.test";

/// How many requests the server has received on connections that are open, but those of this test itself.
std::uint64_t requests_at(const zookeeper_server& server) {
    const auto said = server.ask("cons");
    std::uint64_t all = 0;
    for (auto at = said.find("recved="); at != std::string::npos; at = said.find("recved=", at + 1)) {
        std::uint64_t one = 0;
        std::from_chars(said.data() + at + 7, said.data() + said.size(), one);
        all += one;
    }
    return all;
}

/// For as long as a session takes to send so many: a node that has nothing to do sends one and a half a second.
void let_it_ask(const zookeeper_server& server, std::uint64_t requests) {
    const auto before = requests_at(server);
    wait_until(
        "the node has asked the ensemble", [&] { return requests_at(server) >= before + requests; }, limit::recovery);
}

std::string at_name(const std::string& name, std::uint16_t port) {
    return name + domain + ":" + std::to_string(port);
}

bool is_connected(const running_daemon& daemon) {
    return daemon.get("/v1/status").text("ensemble_connected") == "true";
}

void skip_without_name_server() {
    static const std::string unusable = name_server::unusable();
    if (!unusable.empty()) SKIP(unusable);
}

/// Ensemble, database and links are all given by name.
struct by_names {
    by_names() {
        plan.hosts = at_name("zk-1", shared_zookeeper().port());
        plan.database = "host=db" + std::string(domain) + " " + plan.database.substr(plan.database.find("port="));
        plan.names = &names;
    }
    std::unique_ptr<running_daemon> start(const std::string& name) {
        const auto port = free_port();
        auto how = plan;
        how.name = name;
        how.more = "[link]\nlisten = \"127.0.0.1:" + std::to_string(port) + "\"\nadvertise = \"" + at_name(name, port) +
                   "\"\n";
        return std::make_unique<running_daemon>(how);
    }

    name_server names;
    running_daemon::plan plan = leading_plan();
};

}  // namespace

TEST_CASE("a node that is connected looks nothing up, and a name server that falls silent costs it no session") {
    skip_without_name_server();
    zookeeper_server ensemble;
    name_server names;
    running_daemon daemon({.hosts = at_name("zk-1", ensemble.port()), .names = &names});
    daemon.wait_until_ready();
    const auto questions = names.questions();
    let_it_ask(ensemble, 10);
    CHECK(names.questions() == questions);
    names.fall_silent();
    let_it_ask(ensemble, 10);
    CHECK(is_connected(daemon));
    CHECK(daemon.log().find("session_suspended") == std::string::npos);
    CHECK(daemon.log().find("session_expired") == std::string::npos);
    ensemble.restart();
    wait_until("the session is taken up again",
               [&] { return daemon.log().find("session_suspended") != std::string::npos && is_connected(daemon); });
}

TEST_CASE("of three servers' names two of which are never answered for, the third is enough, with a few questions") {
    skip_without_name_server();
    name_server names;
    names.fall_silent_about(std::string("zk-2") + domain);
    names.fall_silent_about(std::string("zk-3") + domain);
    auto how = leading_plan();
    const auto port = shared_zookeeper().port();
    how.hosts = at_name("zk-1", port) + "," + at_name("zk-2", port) + "," + at_name("zk-3", port);
    how.names = &names;
    running_daemon daemon(how);
    const auto begun = std::chrono::steady_clock::now();
    daemon.wait_until_ready();
    CHECK(std::chrono::steady_clock::now() - begun < patience(std::chrono::seconds(4)));
    CHECK(names.questions() <= 12);
    CHECK_THAT(daemon.log(), ContainsSubstring("server_unknown"));
}

TEST_CASE("with a name server that fell silent a leader that is killed is followed as with one that answers") {
    skip_without_name_server();
    by_names all;
    const auto first = all.start("orders-1");
    first->wait_until_ready();
    const auto second = all.start("orders-2");
    second->wait_until_live();
    wait_until("the follower is linked",
               [&] { return second->get("/v1/groups/orders").text("link_connected") == "true"; });
    all.names.fall_silent();
    first->running().kill();
    const auto killed = std::chrono::steady_clock::now();
    wait_until(
        "the follower leads", [&] { return second->get("/leader").status == 200; }, limit::leadership);
    CHECK(second->post(writes, with_sql("UPDATE stock SET qty = qty - 1 WHERE id = 1")).status == 200);
    CHECK(std::chrono::steady_clock::now() - killed < patience(std::chrono::seconds(4)));
    CHECK(second->log().find("session_suspended") == std::string::npos);
}

TEST_CASE("a session on which nothing is answered is told: of a leader, of a follower, and both go on") {
    zookeeper_server ensemble;
    auto how = leading_plan();
    how.hosts = ensemble.connect_string();
    running_daemon leader(how);
    leader.wait_until_ready();
    how.name = "orders-2";
    running_daemon follower(how);
    follower.wait_until_live();
    const auto of_group = [](const running_daemon& of, const char* what) {
        return of.get("/v1/groups/orders").text(what);
    };
    wait_until("the follower is linked, and a candidate", [&] {
        return of_group(follower, "link_connected") == "true" && of_group(follower, "role") == "follower";
    });
    ensemble.pause();
    wait_until("both sessions are overdue", [&] {
        return of_group(leader, "role") == "suspended" && of_group(follower, "role") == "offline" &&
               !leader.get("/v1/status").text("ensemble_trouble").empty() &&
               !follower.get("/v1/status").text("ensemble_trouble").empty();
    });
    for (const auto* each : {&leader, &follower}) {
        CHECK_FALSE(is_connected(*each));
        CHECK_THAT(each->get("/v1/status").text("ensemble_trouble"), ContainsSubstring("has not answered for"));
        CHECK_THAT(of_group(*each, "trouble"), ContainsSubstring("has not answered for"));
        CHECK(of_group(*each, "eligible") == "false");
        CHECK(each->get("/readyz").status == 200);
        CHECK_THAT(each->get("/readyz").text("warning"), ContainsSubstring("has not answered for"));
        CHECK(each->post(writes, with_sql("UPDATE stock SET qty = qty - 1 WHERE id = 1")).status == 200);
    }
    CHECK(follower.get("/follower").status == 200);
    ensemble.resume();
    wait_until(
        "one leads, and both are well",
        [&] {
            return is_connected(leader) && is_connected(follower) &&
                   (of_group(leader, "role") == "serving") != (of_group(follower, "role") == "serving") &&
                   leader.get("/readyz").text("warning").empty() && follower.get("/readyz").text("warning").empty();
        },
        limit::recovery);
}
