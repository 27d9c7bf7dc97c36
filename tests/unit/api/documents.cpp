#include "api/documents.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::api;

namespace {

template <class Value>
std::string shown(const Value& value) {
    return boost::json::serialize(to_json(value));
}

}  // namespace

TEST_CASE("a committed receipt shows its position and what each statement did") {
    receipt done{"order-42", outcome::committed, 7, 0x16B374D848, false, {}, {}};
    done.statements.push_back({1, {}, {}});
    done.statements.push_back({2, {"id", "note"}, {{"1", std::nullopt}, {"2", "x"}}, {"integer", "text"}});
    CHECK(shown(done) == R"({"write_id":"order-42","outcome":"committed","term":7,"replayed":false,)"
                         R"("lsn":"16/B374D848","statements":[{"rows_affected":1},{"rows_affected":2,)"
                         R"("columns":["id","note"],"types":["integer","text"],"rows":[["1",null],["2","x"]]}]})");
}

TEST_CASE("a rejected receipt says why and shows no statements") {
    const receipt done{"k", outcome::rejected, 7, 0, true, {}, reason{errc::statement_failed, "no table", "42P01", 1}};
    CHECK(shown(done) == R"({"write_id":"k","outcome":"rejected","term":7,"replayed":true,)"
                         R"("why":{"code":"statement_failed","message":"no table","sqlstate":"42P01","statement":1}})");
}

TEST_CASE("a group's status shows leadership, health and queues") {
    group_status of;
    of.now = {"orders", role::follower, 7, "orders-2", "127.0.0.1:1", true};
    of.last_contact_ms = 12;
    of.members.push_back({"orders-1", "aa", "127.0.0.1:2", "", "candidate", "0.1.0", "2026-01-01T00:00:00Z", "ff"});
    const auto document = to_json(of);
    CHECK(document.at("role") == "follower");
    CHECK(document.at("leader") == "orders-2");
    CHECK(document.at("last_contact_ms") == 12);
    CHECK(document.at("queue_wait_ms") == 0);
    CHECK(document.at("counters").as_object().contains("committed"));
    CHECK(document.at("members").as_array().at(0).at("node") == "orders-1");
    CHECK(to_json(group_status{}).at("last_contact_ms").is_null());
}

TEST_CASE("a term shows who held it and how it began") {
    CHECK(shown(term_record{3, "orders-1", "2026-01-01T00:00:00Z", "takeover", "its link broke"}) ==
          R"({"term":3,"node":"orders-1","since":"2026-01-01T00:00:00Z","began":"takeover",)"
          R"("evidence":"its link broke"})");
    CHECK(to_json(term_record{3, "orders-1", "", "election", "", "7/16384"}).at("database") == "7/16384");
}

TEST_CASE("a node's status is read, and what is missing keeps its default") {
    const auto status = read_node_status(R"({"node":"orders-1","ensemble_connected":true,"session_timeout_ms":6000,
        "groups":[{"group":"orders","role":"serving","term":7,"leader":"orders-1","leader_serving":true,
        "last_contact_ms":null,"queued_writes":3,"members":[{"node":"orders-2","http_endpoint":"127.0.0.1:1"}]}]})");
    REQUIRE(status.has_value());
    CHECK(status->node == "orders-1");
    REQUIRE(status->groups.size() == 1);
    CHECK(status->groups[0].now.role == role::serving);
    CHECK(status->groups[0].now.term == 7);
    CHECK(status->groups[0].queued_writes == 3);
    CHECK_FALSE(status->groups[0].last_contact_ms.has_value());
    CHECK(status->groups[0].members[0].http_endpoint == "127.0.0.1:1");
    CHECK(read_node_status(R"({"groups":[{"term":"seven","members":5}]})").value().groups[0].now.term == 0);
}

TEST_CASE("what a later release adds is ignored, and what it means otherwise keeps its default") {
    const auto status = read_node_status(R"({"node":"orders-1","shards":[1,2],"session_timeout_ms":99999999999,
        "groups":[{"role":"dreaming","term":-1,"eligible":"yes","last_contact_ms":"long","counters":{"committed":3}},
        "not a group"]})");
    REQUIRE(status.has_value());
    CHECK(status->node == "orders-1");
    CHECK(status->session_timeout_ms == 0);
    REQUIRE(status->groups.size() == 1);
    CHECK(status->groups[0].now.role == role::offline);
    CHECK(status->groups[0].now.term == 0);
    CHECK_FALSE(status->groups[0].eligible);
    CHECK_FALSE(status->groups[0].last_contact_ms.has_value());
    CHECK(status->groups[0].counters.committed == 3);
}

TEST_CASE("an answer that is no node's is an error, not a crash") {
    for (const auto* body : {"", "<html>", "[1,2]", "null", "\"text\""}) {
        CHECK(read_node_status(body).has_error());
        CHECK(read_history(body).has_error());
    }
}

TEST_CASE("history is read from its terms") {
    const auto read = read_history(
        R"({"group":"orders","terms":[{"term":7,"node":"orders-1","since":"2026-11-23T19:30:00Z","began":"takeover",
            "evidence":"its link broke"},{"term":8,"node":"orders-2","since":"","began":"handover"}]})");
    REQUIRE(read.has_value());
    CHECK(read->terms.front() == term_record{7, "orders-1", "2026-11-23T19:30:00Z", "takeover", "its link broke"});
    CHECK(read->terms.back() == term_record{8, "orders-2", "", "handover"});
}

TEST_CASE("a status that was sent is read back whole") {
    node_status sent{"orders-1", "aa", "0.1.0", "2026-01-01T00:00:00Z", "127.0.0.1:2", true, "why not",
                     "1000a",    6000, {}};
    group_status of;
    of.now = {"orders", role::suspended, 7, "orders-1", "127.0.0.1:1", true};
    of.leader_since = "2026-01-01T00:00:01Z";
    of.eligible = of.paused = of.database_connected = of.link_connected = true;
    of.last_contact_ms = 12;
    of.pending_writes = 1;
    of.queued_writes = 2;
    of.queue_wait_ms = 3;
    of.links = 4;
    of.leader_changes = 5;
    of.process_deaths = 6;
    of.evictions = 7;
    of.counters = {8, 9, 10, 11, 12, 13, 14, 15, 16, {{"row_security", 19}, {"volatile_function", 20}}, 21, 17, 18};
    of.members.push_back(
        {"orders-1", "aa", "127.0.0.1:2", "h:1", "candidate", "0.1.0", "2026-01-01T00:00:00Z", "ff", "7/16384"});
    of.trouble = "the disk is slow";
    sent.groups.push_back(of);
    sent.link_certificate_ends_in_s = -5;
    sent.ensemble_certificate_ends_in_s = 6;
    sent.ensemble_servers = {{"zk1:2281", 1, 2, 3, {{"expired", 4}}, "too old"}};
    const auto read = read_node_status(shown(sent));
    REQUIRE(read.has_value());
    CHECK(shown(*read) == shown(sent));
    CHECK(read->session_timeout_ms == 6000);
    CHECK(read->link_certificate_ends_in_s == -5);
    CHECK(read->ensemble_certificate_ends_in_s == 6);
    CHECK(read->ensemble_servers == sent.ensemble_servers);
    REQUIRE(read->groups.size() == 1);
    CHECK(read->groups[0].now == of.now);
    CHECK(read->groups[0].queue_wait_ms == 3);
    CHECK(read->groups[0].counters.committed == 8);
    CHECK(read->groups[0].counters.batches == 14);
    CHECK(read->groups[0].counters.catalogue_changes == 18);
    CHECK(read->groups[0].counters.sessions_open == 21);
    CHECK(read->groups[0].counters.not_plain == of.counters.not_plain);
    CHECK(read->groups[0].members == of.members);
    CHECK(read->groups[0].trouble == of.trouble);
}
