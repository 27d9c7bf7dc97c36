#include "daemon/metrics/metrics.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <fstream>
#include <iterator>
#include <set>

using namespace penholder;
using namespace penholder::daemon;
using Catch::Matchers::ContainsSubstring;

namespace {

node_status follower() {
    node_status now;
    now.node = "orders-1";
    now.version = "0.1.0";
    now.ensemble_connected = true;
    now.session_timeout_ms = 6000;
    auto& group = now.groups.emplace_back();
    group.now = {"orders", role::follower, 7, "orders-2", "127.0.0.1:1", true};
    group.last_contact_ms = 250;
    group.counters.committed = 41;
    group.leader_changes = 3;
    return now;
}

}  // namespace

TEST_CASE("a follower shows the leader as it sees it") {
    const auto text = metrics().render(follower());
    CHECK_THAT(text, ContainsSubstring("penholder_leader{group=\"orders\"} 0\n"));
    CHECK_THAT(text, ContainsSubstring("penholder_leader_known{group=\"orders\"} 1\n"));
    CHECK_THAT(text, ContainsSubstring("penholder_term{group=\"orders\"} 7\n"));
    CHECK_THAT(text, ContainsSubstring("penholder_last_contact_seconds{group=\"orders\"} 0.25\n"));
    CHECK_THAT(text, ContainsSubstring("penholder_leader_changes_total{group=\"orders\"} 3\n"));
    CHECK_THAT(text, ContainsSubstring("penholder_writes_total{group=\"orders\",outcome=\"committed\"} 41\n"));
    CHECK_THAT(text, ContainsSubstring("penholder_ensemble_connected 1\n"));
    CHECK_THAT(text, ContainsSubstring("penholder_session_timeout_seconds 6\n"));
    CHECK_THAT(text, ContainsSubstring("penholder_build_info{version=\"0.1.0\",node=\"orders-1\"} 1\n"));
}

TEST_CASE("the servers of an ensemble that is reached by TLS are told apart") {
    auto now = follower();
    CHECK_THAT(metrics().render(now), ContainsSubstring("penholder_ensemble_certificate_ends_seconds Nan\n"));
    now.ensemble_certificate_ends_in_s = 60;
    now.ensemble_servers = {{"zk1:2281", 3, 40, 50, {{"timeout", 1}, {"untrusted", 2}}, "x"},
                            {"zk2:2281", 0, 0, 0, {}, ""}};
    const auto text = metrics().render(now);
    for (const auto* each : {"penholder_ensemble_certificate_ends_seconds 60\n",
                             "penholder_ensemble_connections_total{server=\"zk1:2281\"} 3\n",
                             "penholder_ensemble_connections_total{server=\"zk2:2281\"} 0\n",
                             "penholder_ensemble_refusals_total{server=\"zk1:2281\",reason=\"untrusted\"} 2\n",
                             "penholder_ensemble_bytes_total{server=\"zk1:2281\",direction=\"sent\"} 40\n",
                             "penholder_ensemble_bytes_total{server=\"zk1:2281\",direction=\"received\"} 50\n"}) {
        CHECK_THAT(text, ContainsSubstring(each));
    }
}

TEST_CASE("a leader shows which way writes took to the database, and why") {
    auto leader = follower();
    auto& group = leader.groups.front();
    group.counters.sessions_open = 3;
    group.counters.lane_writes = 70;
    group.counters.session_writes = 9;
    group.counters.suspects_blamed = 1;
    group.counters.catalogue_changes = 2;
    group.counters.not_plain = {{"row_security", 4}, {"volatile_function", 5}};
    const auto text = metrics().render(leader);
    CHECK_THAT(text, ContainsSubstring("penholder_applied_writes_total{group=\"orders\",way=\"lane\"} 70\n"));
    CHECK_THAT(text, ContainsSubstring("penholder_applied_writes_total{group=\"orders\",way=\"session\"} 9\n"));
    CHECK_THAT(text, ContainsSubstring("penholder_not_plain_total{group=\"orders\",reason=\"row_security\"} 4\n"));
    CHECK_THAT(text, ContainsSubstring("penholder_sessions_open{group=\"orders\"} 3\n"));
    CHECK_THAT(text, ContainsSubstring("penholder_suspects_blamed_total{group=\"orders\"} 1\n"));
    CHECK_THAT(text, ContainsSubstring("penholder_catalogue_changes_total{group=\"orders\"} 2\n"));
}

TEST_CASE("answers are counted by outcome and duration, requests by status") {
    metrics counted;
    counted.write_answered("orders", outcome::committed, std::chrono::milliseconds(2));
    counted.request_answered(200);
    counted.request_answered(200);
    const auto text = counted.render(follower());
    CHECK_THAT(text, ContainsSubstring("penholder_http_requests_total{status=\"200\"} 2"));
    CHECK_THAT(text, ContainsSubstring("penholder_write_duration_seconds_count{") && ContainsSubstring("committed"));
    CHECK_THAT(text, ContainsSubstring("le=\"0.0025\"} 1"));
}

TEST_CASE("no two metrics share a name, and all begin with penholder_") {
    const auto names = metric_names();
    CHECK(std::set<std::string>(names.begin(), names.end()).size() == names.size());
    for (const auto& name : names) CHECK(name.starts_with("penholder_"));
}

TEST_CASE("every metric is documented") {
    std::ifstream file(PENHOLDER_SOURCE_DIR "/docs/metrics.md");
    const std::string text(std::istreambuf_iterator<char>(file), {});
    for (const auto& name : metric_names()) CHECK_THAT(text, ContainsSubstring("`" + name + "`"));
}
