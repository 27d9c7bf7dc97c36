// Who follows where the next in succession cannot lead: real sidecars that are dead, frozen, or not allowed to read.
#include "postgres/schema.hpp"
#include "sidecars.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <chrono>
#include <csignal>

namespace penholder::testing {

using Catch::Matchers::ContainsSubstring;

namespace {

bool is_linked(sidecar& which) {
    const auto status = which.status();
    const auto* fields = status.if_object();
    const auto* linked = fields != nullptr ? fields->if_contains("link_connected") : nullptr;
    return linked != nullptr && linked->get_bool();
}

/// Three sidecars of which it is known who follows whom: a leader that was handed over to stands first itself, the one
/// that it took over from stands behind the third.
struct ordered_sidecars {
    explicit ordered_sidecars(const std::string& name) : three(name, long_session_ms) {
        last = three.wait_for_leader();
        leader = (last + 1) % 3;
        next = (last + 2) % 3;
        wait_until(
            "all are linked", [&] { return is_linked(*three.all[leader]) && is_linked(*three.all[next]); },
            limit::leadership);
        hand_over_to(leader);
        wait_until(
            "all are linked again", [&] { return is_linked(*three.all[last]) && is_linked(*three.all[next]); },
            limit::leadership);
    }

    std::string name(std::size_t index) const { return "orders-" + std::to_string(index + 1); }

    void hand_over_to(std::size_t heir) {
        const auto answer = http_client(three.all[last]->http_port())
                                .post("/v1/groups/orders/handover", R"({"to":")" + name(heir) + R"("})");
        INFO(boost::json::serialize(answer.body));
        REQUIRE(answer.status == 200);
        REQUIRE(three.wait_for_leader() == heir);
    }

    /// The last one leads long before any session ends, and says whom it has passed over.
    void check_that_the_last_one_leads() {
        const auto began = std::chrono::steady_clock::now();
        wait_until(
            "the last one leads", [&] { return three.leads(last); }, limit::leadership);
        CHECK(std::chrono::steady_clock::now() - began < much_sooner);
        CHECK_THAT(three.all[last]->log(), ContainsSubstring("successors_passed_over group=orders"));
        CHECK_THAT(three.all[last]->log(), ContainsSubstring("nodes=" + name(next)));
    }

    sidecars three;
    std::size_t leader = 0;
    std::size_t next = 0;
    std::size_t last = 0;
};

}  // namespace

TEST_CASE("where the leader and its successor die together, the third one leads") {
    ordered_sidecars in("successor_dead");
    in.three.all[in.next]->kill();
    in.three.all[in.leader]->kill();
    in.check_that_the_last_one_leads();
}

TEST_CASE("a successor that is frozen is passed over, and follows when it wakes up") {
    ordered_sidecars in("successor_frozen");
    auto& frozen = *in.three.all[in.next];
    frozen.running().send(SIGSTOP);
    in.three.all[in.leader]->kill();
    in.check_that_the_last_one_leads();
    frozen.running().send(SIGCONT);
    wait_until(
        "the frozen one follows", [&] { return frozen.role() == "follower" && is_linked(frozen); }, limit::leadership);
    CHECK(in.three.leads(in.last));
}

TEST_CASE("nodes that may not read each other's znodes keep nobody from leading") {
    const std::string name = "successor_blind";
    shared_postgres().create_database(name);
    const auto conninfo = shared_postgres().conninfo(name);
    REQUIRE(postgres::init_schema(conninfo).has_value());
    const auto start = [&](const std::string& node, const std::string& zookeeper_keys) {
        return std::make_unique<sidecar>(sidecar::plan{node, shared_zookeeper().connect_string(), "/" + name, conninfo,
                                                       long_session_ms, "", zookeeper_keys});
    };
    const auto wait_to_follow = [](sidecar& which) {
        wait_until(
            "it follows and is linked", [&] { return which.role() == "follower" && is_linked(which); },
            limit::leadership);
    };
    // Whoever has no digest makes the group's znodes, so that everybody may enroll below them.
    auto leader = start("leader", "");
    wait_until(
        "it leads", [&] { return leader->role() == "serving"; }, limit::leadership);
    auto blind = start("blind", "");
    wait_to_follow(*blind);
    auto closed = start("closed", "digest = \"penholder:secret\"\n");
    wait_to_follow(*closed);
    leader->kill();
    const auto began = std::chrono::steady_clock::now();
    wait_until(
        "somebody leads", [&] { return blind->role() == "serving" || closed->role() == "serving"; }, limit::leadership);
    CHECK(std::chrono::steady_clock::now() - began < much_sooner);
}

}  // namespace penholder::testing
