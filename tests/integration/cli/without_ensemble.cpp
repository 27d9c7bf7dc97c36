#include "daemons.hpp"
#include "formats.hpp"
#include "support/patience.hpp"

#include <catch2/catch_test_macros.hpp>

#include <csignal>

namespace {

using namespace penholder::testing;
using penholder::cli::ended;
using penholder::cli::run_cli;
namespace json = boost::json;

// The ensemble is down while this lives.
class outage {
public:
    explicit outage(daemons& group) : group_(group) { group_.zookeeper.stop(); }
    ~outage() {
        group_.zookeeper.start();
        group_.wait_for_leader();
    }

private:
    daemons& group_;
};

TEST_CASE("with the ensemble down reading works from any node that is named") {
    auto& group = three_daemons();
    const int leader = group.wait_for_leader();
    const outage down(group);
    wait_until("the leader to notice", [&] {
        return run_cli({"status", "-n", group.url(leader)}).out.find("  suspended  ") != std::string::npos;
    });
    for (const auto* command : {"status", "leader", "members"}) {
        for (const auto* format : {"table", "json", "yaml", "tsv"}) {
            const ended shown = group.ask({command, "-o", format, "-n", group.url(leader % 3 + 1), "-t", "1s"});
            CAPTURE(command, format, shown.out, shown.err);
            CHECK(shown.code == 0);
            CHECK(shown.out.find("orders-" + std::to_string(leader)) != std::string::npos);
            CHECK(shown.err.find("showing what the nodes say") != std::string::npos);
            if (std::string(format) == "json") CHECK(is_json(shown.out));
        }
    }
    const auto status = json::parse(run_cli({"status", "-o", "json", "-n", group.url(leader)}).out);
    CHECK(status.at("groups").at(0).at("members").as_array().size() == 3);
}

TEST_CASE("with the ensemble down writes go on") {
    auto& group = three_daemons();
    const int leader = group.wait_for_leader();
    const outage down(group);
    for (int number : {leader, leader % 3 + 1}) {
        const ended done = group.ask({"write", "-n", group.url(number), "-t", "2s", "SELECT 1"});
        CAPTURE(done.out, done.err);
        CHECK(done.code == 0);
    }
}

TEST_CASE("watch goes on through an outage of the ensemble and tells of it") {
    auto& group = three_daemons();
    group.wait_for_leader();
    const temporary_directory folder;
    process watching({.command = {PENHOLDER_BINARY_DIR "/bin/penholder", "watch", "-o", "tsv", "-t", "1s", "-z",
                                  group.zookeeper.connect_string()},
                      .log_file = folder / "watch.log"});
    const auto told = [&](const std::string& what) {
        wait_until(
            what, [&] { return watching.log().find(what) != std::string::npos; }, std::chrono::seconds(20));
    };
    told("\tjoined\t");
    {
        const outage down(group);
        told("\tensemble\t");
        told("\tsuspended\n");
    }
    told("\treached\n");
    const std::string log = watching.log();
    int joined = 0;
    for (auto at = log.find("\tjoined\t"); at != std::string::npos; at = log.find("\tjoined\t", at + 1)) ++joined;
    CAPTURE(log);
    CHECK(joined == 3);
    watching.send(SIGTERM);
    CHECK(watching.wait() == 0);
}

TEST_CASE("what cannot be known or done without the ensemble ends with 5") {
    auto& group = three_daemons();
    const int leader = group.wait_for_leader();
    const outage down(group);
    for (const auto* command : {"status", "leader", "members", "history", "handover", "pause", "resume", "watch"}) {
        const ended refused = group.ask({command, "-t", "300ms"});
        CAPTURE(command, refused.err);
        CHECK(refused.code == 5);
        CHECK(refused.out.empty());
    }
    for (const auto* command : {"handover", "pause", "history"}) {
        const ended refused = group.ask({command, "-t", "500ms", "-n", group.url(leader)});
        CAPTURE(command, refused.err);
        CHECK(refused.code == 5);
    }
    const ended examined = group.ask({"doctor", "-t", "500ms", "-n", group.url(leader)});
    CHECK(examined.code == 1);
    CHECK(examined.out.find("fail  ensemble") != std::string::npos);
}

}  // namespace
