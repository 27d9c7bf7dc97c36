#include "daemons.hpp"
#include "formats.hpp"
#include "postgres/schema.hpp"
#include "support/patience.hpp"

#include <catch2/catch_test_macros.hpp>

#include <csignal>

namespace {

using namespace penholder::testing;
using penholder::cli::ended;
namespace json = boost::json;

std::string name(int number) {
    return "orders-" + std::to_string(number);
}

TEST_CASE("handover goes to the heir that was named, and shows its phases") {
    auto& group = three_daemons();
    for (const auto* format : {"table", "json", "yaml", "tsv"}) {
        const int leader = group.wait_for_leader();
        const int heir = leader % 3 + 1;
        const auto before = group.term();
        const ended done = group.ask({"handover", "--to", name(heir), "-o", format});
        CAPTURE(done.out, done.err);
        REQUIRE(done.code == 0);
        CHECK(done.err.find("asking " + name(leader) + " (term " + std::to_string(before) + ") to hand over to " +
                            name(heir)) != std::string::npos);
        CHECK(done.err.find(name(heir) + " leads term ") != std::string::npos);
        CHECK(group.wait_for_leader(before) == heir);
    }
    CHECK(group.ask({"history", "-o", "tsv"}).out.find("\thandover\t") != std::string::npos);
}

TEST_CASE("without an heir the next in succession leads") {
    auto& group = three_daemons();
    const int leader = group.wait_for_leader();
    const auto before = group.term();
    CHECK(group.ask({"handover"}).code == 0);
    CHECK(group.wait_for_leader(before) != leader);
}

TEST_CASE("the one who leads already needs no handover") {
    auto& group = three_daemons();
    const int leader = group.wait_for_leader();
    const auto before = group.term();
    const ended done = group.ask({"handover", "--to", name(leader), "-o", "json"});
    CHECK(done.code == 0);
    CHECK(is_json(done.out));
    CHECK(done.err.find("already") != std::string::npos);
    CHECK(group.term() == before);
}

TEST_CASE("an heir that is not there is refused") {
    const ended refused = three_daemons().ask({"handover", "--to", "nobody"});
    CHECK(refused.code == 4);
    CHECK(refused.out.empty());
    CHECK(refused.err.find("no member 'nobody'") != std::string::npos);
}

TEST_CASE("resign ends the leader's term") {
    auto& group = three_daemons();
    group.wait_for_leader();
    const auto before = group.term();
    const ended done = group.ask({"resign", "-o", "json"});
    CAPTURE(done.out, done.err);
    CHECK(done.code == 0);
    CHECK(json::parse(done.out).at(0).at("leader").at("term").to_number<std::uint64_t>() > before);
    group.wait_for_leader(before);
}

TEST_CASE("a leader that is evicted is followed by another one, enrolls anew and follows") {
    auto& group = three_daemons();
    for (const auto* format : {"table", "json", "yaml", "tsv"}) {
        const int leader = group.wait_for_leader();
        const auto before = group.term();
        const ended done = group.ask({"evict", name(leader), "--yes", "-o", format});
        CAPTURE(done.out, done.err);
        REQUIRE(done.code == 0);
        CHECK(done.err.find("ends its term " + std::to_string(before)) != std::string::npos);
        CHECK(done.out.find("/orders/leader") != std::string::npos);
        CHECK(done.out.find("/orders/members/" + name(leader)) != std::string::npos);
        if (format == std::string("json")) CHECK(json::parse(done.out).at("removed").as_array().size() == 3);
        if (format == std::string("tsv")) CHECK(is_tsv(done.out));
        CHECK(group.wait_for_leader(before) != leader);
        CHECK(json::parse(group.ask({"history", "-o", "json"}).out).as_array().at(0).at("evidence").as_string() ==
              "an operator evicted it");
    }
    const auto members = json::parse(group.ask({"members", "-o", "json"}).out);
    CHECK(members.as_array().size() == 3);
}

TEST_CASE("a node that is drained hands over and leads no more until it is undrained") {
    auto& group = three_daemons();
    const int drained = group.wait_for_leader();
    const ended done = group.ask({"drain", name(drained), "-o", "json"});
    const ended again = group.ask({"drain", name(drained)});
    const ended status = group.ask({"status"});
    const ended refused = group.ask({"handover", "--to", name(drained)});
    const ended unknown = group.ask({"drain", "orders-99"});
    const ended mistyped = group.ask({"undrain", "orders-99"});
    const ended over = group.ask({"undrain", name(drained), "-o", "json"});
    CAPTURE(done.out, done.err, status.out, status.err, over.err);

    REQUIRE(done.code == 0);
    CHECK(json::parse(done.out).at("drained") == true);
    CHECK(again.err.find("already") != std::string::npos);
    CHECK((status.out + status.err).find(name(drained) + " is drained") != std::string::npos);
    CHECK(refused.code == 4);
    CHECK(refused.err.find("undrain") != std::string::npos);
    CHECK(unknown.code == 4);
    CHECK(mistyped.code == 4);
    REQUIRE(over.code == 0);
    CHECK(json::parse(over.out).at("was_drained") == true);
    wait_until("it can lead again", [&] { return group.ask({"handover", "--to", name(drained)}).code == 0; });
    CHECK(group.wait_for_leader() == drained);
}

TEST_CASE("a member that does not lead can be evicted, and nothing else changes") {
    auto& group = three_daemons();
    const int leader = group.wait_for_leader();
    const auto before = group.term();
    const ended done = group.ask({"evict", name(leader % 3 + 1), "-y", "-o", "json"});
    CAPTURE(done.out, done.err);
    CHECK(done.code == 0);
    CHECK(json::parse(done.out).at("led_term").is_null());
    wait_until("it has enrolled anew", [&] {
        return json::parse(group.ask({"members", "-o", "json"}).out).as_array().size() == 3;
    });
    CHECK(group.wait_for_leader() == leader);
    CHECK(group.term() == before);
}

TEST_CASE("an eviction that is not confirmed removes nothing") {
    auto& group = three_daemons();
    const int leader = group.wait_for_leader();
    const auto before = group.term();
    const ended unasked = group.ask({"evict", name(leader)});
    CHECK(unasked.code == 2);
    CHECK(unasked.err.find("--yes") != std::string::npos);
    const ended refused =
        penholder::cli::run_cli({"evict", name(leader), "-z", group.zookeeper.connect_string()}, "n\n", {}, true);
    CHECK(refused.code == 4);
    CHECK(refused.out.empty());
    CHECK(refused.err.find("removes /penholder/orders/leader") != std::string::npos);
    const ended unknown = group.ask({"evict", "nobody", "--yes"});
    CHECK(unknown.code == 4);
    CHECK(group.term() == before);
    const ended confirmed =
        penholder::cli::run_cli({"evict", name(leader), "-z", group.zookeeper.connect_string()}, "y\n", {}, true);
    CHECK(confirmed.code == 0);
    group.wait_for_leader(before);
}

TEST_CASE("a group that was moved to another database is led by nobody who has the old one") {
    auto& group = three_daemons();
    group.wait_for_leader();
    const auto before = group.term();
    group.postgres.create_database("restored");
    REQUIRE(penholder::postgres::init_schema(group.postgres.conninfo("restored")).has_value());
    const ended unasked = group.ask({"adopt-database", "--database", group.postgres.conninfo("restored")});
    CHECK(unasked.code == 2);
    CHECK(group.term() == before);
    const ended done =
        group.ask({"adopt-database", "--database", group.postgres.conninfo("restored"), "--yes", "-o", "json"});
    CAPTURE(done.out, done.err);
    REQUIRE(done.code == 0);
    CHECK(json::parse(done.out).at("database") != json::parse(done.out).at("before"));
    wait_until("doctor names them", [&] {
        const auto said = group.ask({"doctor", "--database", group.database()});
        return said.code == 1 && said.out.find("and the group writes to") != std::string::npos &&
               said.out.find("nobody leads") != std::string::npos;
    });
    const ended back = group.ask({"adopt-database", "--database", group.database(), "--yes"});
    CAPTURE(back.out, back.err);
    REQUIRE(back.code == 0);
    group.wait_for_leader(before);
    CHECK(group.ask({"adopt-database", "--database", group.database()}).err.find("already") != std::string::npos);
}

TEST_CASE("handover, pause and resume work through a node alone") {
    auto& group = three_daemons();
    const int leader = group.wait_for_leader();
    const auto before = group.term();
    const int heir = leader % 3 + 1;
    const ended done = penholder::cli::run_cli({"handover", "--to", name(heir), "-n", group.url(heir % 3 + 1)});
    CAPTURE(done.out, done.err);
    CHECK(done.code == 0);
    CHECK(group.wait_for_leader(before) == heir);
    CHECK(penholder::cli::run_cli({"pause", "-n", group.url(1)}).code == 0);
    wait_until("the pause", [&] { return group.ask({"status"}).out.find("  paused") != std::string::npos; });
    CHECK(penholder::cli::run_cli({"resume", "-n", group.url(2)}).code == 0);
    group.wait_for_leader();
}

TEST_CASE("a paused group keeps its vacancy: leader and write end with 3 until it is resumed") {
    auto& group = three_daemons();
    const int leader = group.wait_for_leader();
    const auto before = group.term();
    for (const auto* format : {"json", "tsv"}) CHECK(group.ask({"pause", "-o", format}).code == 0);
    CHECK(group.ask({"pause"}).err.find("already") != std::string::npos);
    CHECK(group.ask({"handover"}).code == 4);
    group.stop(leader);
    wait_until("the vacancy", [&] { return group.ask({"leader"}).code == 3; });
    const ended vacant = group.ask({"leader", "-o", "json"});
    CHECK(json::parse(vacant.out).at(0).at("leader").is_null());
    CHECK(vacant.err.find("paused") != std::string::npos);
    CHECK(group.ask({"status"}).code == 0);
    CHECK(group.ask({"handover"}).code == 3);
    const ended write = group.ask({"write", "-t", "500ms", "SELECT 1"});
    CAPTURE(write.out, write.err);
    CHECK(write.code == 3);
    const ended resumed = group.ask({"resume", "-o", "json"});
    CHECK(resumed.code == 0);
    CHECK(json::parse(resumed.out).at("was_paused") == true);
    CHECK(group.ask({"resume"}).code == 0);
    group.wait_for_leader(before);
    group.start(leader);
    group.wait_for_leader(before);
}

TEST_CASE("a handover that is still under way when the time is up ends with 6") {
    auto& group = three_daemons();
    const int leader = group.wait_for_leader();
    const auto before = group.term();
    group.send(leader, SIGSTOP);
    const ended late = group.ask({"handover", "-t", "700ms"});
    group.send(leader, SIGCONT);
    CAPTURE(late.out, late.err);
    CHECK(late.code == 6);
    CHECK(late.out.empty());
    CHECK(late.err.find("still in progress") != std::string::npos);
    group.wait_for_leader(before);
}

TEST_CASE("a handover to an heir that does not take over is refused, and its leader has served all the time") {
    auto& group = three_daemons();
    const int leader = group.wait_for_leader();
    const auto before = group.term();
    const int heir = leader % 3 + 1;
    group.send(heir, SIGSTOP);
    const ended refused = group.ask({"handover", "--to", name(heir), "-t", "8s"});
    const ended written = group.ask({"write", "SELECT 1"});
    group.send(heir, SIGCONT);
    CAPTURE(refused.out, refused.err, written.err);
    CHECK(refused.code == 4);
    CHECK(refused.err.find("until " + name(heir) + " takes over") != std::string::npos);
    CHECK(refused.err.find("did not take over") != std::string::npos);
    CHECK(written.code == 0);
    CHECK(group.wait_for_leader() == leader);
    CHECK(group.term() == before);
}

TEST_CASE("watch tells a takeover") {
    auto& group = three_daemons();
    const int leader = group.wait_for_leader();
    const auto before = group.term();
    const temporary_directory folder;
    process watching({.command = {PENHOLDER_BINARY_DIR "/bin/penholder", "watch", "-o", "tsv", "-z",
                                  group.zookeeper.connect_string()},
                      .log_file = folder / "watch.log"});
    wait_until("the first state", [&] { return watching.log().find("\tjoined\t") != std::string::npos; });
    group.kill(leader);
    wait_until(
        "the next leader",
        [&] {
            const std::string told = watching.log();
            return told.find("\tleft\t" + name(leader)) != std::string::npos &&
                   told.find("\t" + std::to_string(before + 1) + "\t") != std::string::npos;
        },
        std::chrono::seconds(30));
    group.start(leader);
    group.wait_for_leader(before);
}

}  // namespace
