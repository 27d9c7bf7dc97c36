#include "cli/survey/diagnosis.hpp"
#include "samples.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

namespace {

using namespace penholder;
using namespace penholder::cli;
using postgres::severity;

const finding* find(const diagnosis& all, const std::string& subject, severity what) {
    const auto found = std::ranges::find_if(
        all, [&](const finding& each) { return each.subject == subject && each.severity == what; });
    return found == all.end() ? nullptr : &*found;
}

group_state group_of(const survey& seen) {
    return conclude(seen, "").front();
}

TEST_CASE("a server of the ensemble tells its mode and version") {
    const auto server = decode_srvr("127.0.0.1:2181",
                                    "Zookeeper version: 3.8.0-${mvnShortRevision}, built on 2022-02-25\n"
                                    "Latency min/avg/max: 0/0.0/0\nMode: follower\nNode count: 5\n");
    CHECK(server.serves());
    CHECK(server.mode == "follower");
    CHECK(server.version == "3.8.0");
}

TEST_CASE("a server without a quorum does not serve, one that may not tell is no fault") {
    const auto lost = decode_srvr("a:1", "This ZooKeeper instance is not currently serving requests\n");
    CHECK_FALSE(lost.serves());
    CHECK(find(diagnose_servers({lost}), "server a:1", severity::warning) != nullptr);
    const auto mute = decode_srvr("a:1", "srvr is not executed because it is not in the whitelist.\n");
    CHECK(find(diagnose_servers({mute}), "server a:1", severity::advice) != nullptr);
}

TEST_CASE("a znode that anybody may write to is trouble where there is a digest, and no digest is a warning") {
    CHECK(diagnose_open_znodes("orders", {}).empty());
    const auto open = diagnose_open_znodes("orders", {"/penholder", "/penholder/orders/leader"});
    REQUIRE(find(open, "znodes of orders", severity::trouble) != nullptr);
    CHECK(open.front().found.find("/penholder, /penholder/orders/leader") != std::string::npos);
    CHECK(open.front().advice.find("setAcl") != std::string::npos);
    CHECK(diagnose_no_digest().severity == severity::warning);
}

TEST_CASE("a healthy group gives no trouble") {
    const auto found = diagnose_group(group_of(sample_survey()));
    CHECK_FALSE(has_trouble(found));
    CHECK(find(found, "group orders", severity::good) != nullptr);
    CHECK(find(found, "group orders succession", severity::good)->found == "2 could take over");
}

TEST_CASE("a vacancy is trouble, and is told once") {
    survey seen = sample_survey();
    seen.groups[0].leader.reset();
    const auto found = diagnose_group(group_of(seen));
    CHECK(has_trouble(found));
    CHECK(std::ranges::count_if(found, [](const finding& each) { return each.subject == "group orders"; }) == 1);
}

TEST_CASE("a certificate of links that ends within thirty days is a warning, one that has ended is trouble") {
    survey seen = sample_survey();
    CHECK(diagnose_certificates(seen).empty());
    auto& status = *seen.nodes.front().status;
    const auto subject = "certificate of " + status.node;
    status.link_certificate_ends_in_s = 30 * 24 * 3600;
    CHECK(diagnose_certificates(seen).empty());
    status.link_certificate_ends_in_s = 30 * 24 * 3600 - 1;
    CHECK(find(diagnose_certificates(seen), subject, severity::warning) != nullptr);
    status.link_certificate_ends_in_s = 0;
    CHECK(find(diagnose_certificates(seen), subject, severity::trouble) != nullptr);
    status.ensemble_certificate_ends_in_s = -1;
    CHECK(find(diagnose_certificates(seen), "ensemble's " + subject, severity::trouble) != nullptr);
}

TEST_CASE("a server of the ensemble that a node refuses is named") {
    survey seen = sample_survey();
    CHECK(diagnose_relays(seen).empty());
    auto& status = *seen.nodes.front().status;
    status.ensemble_servers = {{"zk1:2281", 1, 0, 0, {}, ""},
                               {"zk2:2281", 0, 0, 0, {{"expired", 1}}, "its certificate"}};
    const auto found = diagnose_relays(seen);
    REQUIRE(found.size() == 1);
    const auto* one = find(found, "server zk2:2281 for " + status.node, severity::warning);
    REQUIRE(one != nullptr);
    CHECK(one->found == "is not used: its certificate");
}

TEST_CASE("a leader alone deserves a warning") {
    survey seen = sample_survey();
    for (std::size_t i : {1U, 2U}) seen.groups[0].candidates[i].eligible = false;
    CHECK(find(diagnose_group(group_of(seen)), "group orders succession", severity::warning) != nullptr);
}

TEST_CASE("who cannot link to the leader is trouble, and takes over from nobody") {
    survey seen = sample_survey();
    for (auto& each : seen.groups[0].members) each.database = "7/1";
    seen.nodes[1].status->groups[0].trouble = "the peer did not accept this node's link secret";
    const auto found = diagnose_group(group_of(seen));
    REQUIRE(find(found, "node orders-2 in orders", severity::trouble) != nullptr);
    CHECK(find(found, "node orders-2 in orders", severity::trouble)->found ==
          "cannot link to orders-1: the peer did not accept this node's link secret");
    CHECK(find(found, "group orders succession", severity::warning) != nullptr);
}

TEST_CASE("a node that answers no question has no advice for writers") {
    survey seen = sample_survey();
    seen.nodes[1].status.reset();
    seen.nodes[1].why = {errc::outcome_unknown, "no answer within the time-out; is the node stopped, or stuck?"};
    const auto found = diagnose_group(group_of(seen));
    const auto* what = find(found, "node orders-2 in orders", severity::warning);
    REQUIRE(what != nullptr);
    CHECK(what->found == "asked at 127.0.0.1:7432: no answer within the time-out; is the node stopped, or stuck?");
    CHECK(what->advice.empty());
}

TEST_CASE("a write that waits for somebody outside is told, with whom to end") {
    survey seen = sample_survey();
    seen.nodes[0].status->groups[0].lock_waits = {{"order-42", 4711, "psql", "alice", "idle in transaction"}};
    const auto found = diagnose_group(group_of(seen));
    const auto* what = find(found, "locks of orders", severity::warning);
    REQUIRE(what != nullptr);
    CHECK(what->found ==
          "write order-42 waits for a lock held by pid 4711, application 'psql', user 'alice', idle in transaction");
    CHECK(what->advice.find("pg_terminate_backend(4711)") != std::string::npos);
}

TEST_CASE("what could not be read of the ensemble is no vacancy, and no fence that is ahead") {
    survey seen = sample_survey();
    seen.groups[0].leader.reset();
    seen.groups[0].warnings.push_back({errc::malformed_znode, "/penholder/orders/leader cannot be read"});
    const auto group = group_of(seen);
    CHECK_FALSE(has_trouble(diagnose_group(group)));
    CHECK(diagnose_fence(group, fence_record{"orders", {9}, "", "", ""}).severity == severity::warning);
}

TEST_CASE("the fence must be at the leader's term") {
    const auto group = group_of(sample_survey());
    const auto at = [](std::uint64_t number) { return fence_record{"orders", {number}, "", "", ""}; };
    CHECK(diagnose_fence(group, at(7)).severity == severity::good);
    CHECK(diagnose_fence(group, at(6)).severity == severity::trouble);
    CHECK(diagnose_fence(group, at(9)).severity == severity::trouble);
    auto fencing = group;
    fencing.leader->phase = leader_phase::fencing;
    CHECK(diagnose_fence(fencing, at(6)).severity == severity::warning);
}

TEST_CASE("a database that is not the group's is trouble") {
    survey seen = sample_survey();
    fence_record fence{"orders", {7}, "", "", "", "7/2"};
    CHECK(diagnose_database(group_of(seen), fence).empty());
    seen.groups[0].terms.back().database = "7/1";
    const auto found = diagnose_database(group_of(seen), fence);
    REQUIRE(has_trouble(found));
    CHECK(found.front().found.find("7/2") != std::string::npos);
    fence.database = "7/1";
    CHECK(diagnose_database(group_of(seen), fence).empty());
}

TEST_CASE("an ensemble that is down or slow, and sessions that differ, are told") {
    survey seen = sample_survey();
    CHECK_FALSE(has_trouble(diagnose_ensemble(seen)));
    seen.nodes[1].status->session_timeout_ms = 4000;
    CHECK(find(diagnose_sessions(seen, 6000), "session of orders-2", severity::advice) != nullptr);
    seen.ensemble_latency = std::chrono::milliseconds(400);
    CHECK(find(diagnose_ensemble(seen), "ensemble", severity::warning) != nullptr);
    CHECK(has_trouble(diagnose_ensemble(survey_without_ensemble())));
}

TEST_CASE("clocks are compared by what nodes answer") {
    survey seen = sample_survey();
    seen.nodes[0].date = "Mon, 23 Nov 2026 19:33:12 GMT";
    seen.nodes[1].date = "Mon, 23 Nov 2026 19:30:00 GMT";
    seen.nodes[2].date = "garbage";
    for (auto& each : seen.nodes) each.asked_at = each.answered_at = std::chrono::system_clock::from_time_t(1795462393);
    const auto found = diagnose_clocks(seen);
    REQUIRE(found.size() == 2);
    CHECK(found[0].severity == severity::good);
    CHECK(found[1].severity == severity::warning);
    CHECK(found[1].found == "differs from this machine's by 3m12s");
}

TEST_CASE("how long somebody else was waited for says nothing of a clock") {
    using namespace std::chrono_literals;
    survey seen = sample_survey();
    seen.nodes.resize(1);
    auto& node = seen.nodes[0];
    node.date = "Mon, 23 Nov 2026 19:33:12 GMT";
    const auto then = std::chrono::system_clock::from_time_t(1795462392);
    node.asked_at = then + 500ms;
    node.answered_at = then + 9s;
    CHECK(diagnose_clocks(seen).at(0).severity == severity::good);
    node.asked_at = then - 20s;
    CHECK(diagnose_clocks(seen).at(0).severity == severity::good);
    node.asked_at = node.answered_at = then + 5s;
    CHECK(diagnose_clocks(seen).at(0).found == "differs from this machine's by 4s");
    node.asked_at = node.answered_at = then - 4s;
    CHECK(diagnose_clocks(seen).at(0).found == "differs from this machine's by 4s");
}

TEST_CASE("one address of an ensemble is no single server") {
    const auto alone = decode_srvr("a:1", "Zookeeper version: 3.8.0\nMode: standalone\n");
    CHECK(find(diagnose_servers({alone}), "ensemble", severity::advice)->found == "is a single server");
    const auto one_of_three = decode_srvr("a:1", "Zookeeper version: 3.8.0\nMode: follower\n");
    const auto found = diagnose_servers({one_of_three});
    REQUIRE(find(found, "ensemble", severity::advice) != nullptr);
    CHECK(find(found, "ensemble", severity::advice)->found == "was given by one of its servers");
}

TEST_CASE("a fence says who raised it, from where and when") {
    const fence_record fence{"orders", {9}, "orders-7", "10.0.0.7:7431", "2026-11-26T10:00:00Z"};
    const auto found = diagnose_fence(group_of(sample_survey()), fence).found;
    CHECK(found.find("raised by orders-7 (10.0.0.7:7431) at 2026-11-26T10:00:00Z") != std::string::npos);
}

TEST_CASE("a diagnosis shows a verdict in every line") {
    const auto made = describe_diagnosis({{severity::good, "a", "b", ""}, {severity::trouble, "c", "d", "e"}});
    CHECK(made.data.at("healthy") == false);
    CHECK(made.data.at("findings").at(0).at("verdict") == "ok");
    CHECK(made.data.at("findings").at(1).at("verdict") == "fail");
}

}  // namespace
