#include "election/handover_rules.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::election;

namespace {

/// Node a leads term 3, b could follow, c is an observer, d has enrolled and not stood yet.
group_view orders() {
    group_view view;
    view.group = "orders";
    for (const std::string node : {"a", "b", "c", "d"}) {
        view.members.push_back({node, "1", node + ":1", "", node == "c" ? "observer" : "candidate", "", "", ""});
    }
    view.candidates = {{"a", 0, true, 0, "x-0", 1}, {"b", 0, true, 1, "x-1", 2}};
    view.leader = leader_record{"a", "1", "a:1", {3}, phase::serving, ""};
    return view;
}

errc refusal(const group_view& view, const std::string& heir, term from = {}) {
    const auto allowed = may_request_handover(view, heir, from);
    REQUIRE_FALSE(allowed.has_value());
    return allowed.error().code;
}

}  // namespace

TEST_CASE("a node that could lead, or the next in succession, may be asked for") {
    CHECK(may_request_handover(orders(), "b", {}).has_value());
    CHECK(may_request_handover(orders(), "b", term{3}).has_value());
    CHECK(may_request_handover(orders(), "*", {}).has_value());
}

TEST_CASE("a handover to a node that cannot lead is refused, with what to do") {
    auto view = orders();
    CHECK(refusal(view, "a") == errc::refused);
    CHECK(refusal(view, "c") == errc::refused);
    CHECK(refusal(view, "nobody") == errc::node_not_found);
    CHECK(refusal(view, "b", term{2}) == errc::refused);
    view.candidates.back().eligible = false;
    CHECK(refusal(view, "b") == errc::refused);
    CHECK(refusal(view, "*") == errc::refused);
}

TEST_CASE("nobody is asked to hand over while paused, without a leader, or while another handover is under way") {
    auto view = orders();
    view.control.handover = handover_request{"b", {3}};
    CHECK(refusal(view, "b") == errc::in_progress);
    view.control.handover->from_term = {2};
    CHECK(may_request_handover(view, "b", {}).has_value());
    view.control.handover = handover_request{"", {3}};
    CHECK(may_request_handover(view, "b", {}).has_value());
    view.control.paused = true;
    CHECK(refusal(view, "b") == errc::paused);
    view.leader.reset();
    CHECK(refusal(view, "b") == errc::no_leader);
}

TEST_CASE("a node is about to stand when it has enrolled as a candidate and has none yet") {
    CHECK(is_about_to_stand(orders(), "d"));
    CHECK(is_about_to_stand(orders(), "*"));
    CHECK_FALSE(is_about_to_stand(orders(), "b"));
    CHECK_FALSE(is_about_to_stand(orders(), "c"));
    CHECK_FALSE(is_about_to_stand(orders(), "nobody"));
    auto view = orders();
    view.members.pop_back();
    CHECK_FALSE(is_about_to_stand(view, "*"));
}

TEST_CASE("a handover is done when a newer term serves, and refused when only the request is gone") {
    const std::optional<handover_request> request = handover_request{"b", {3}};
    const auto progress = [](bool requested, std::uint64_t leader, bool serves, const auto& standing) {
        return progress_of_handover({3}, requested, {leader}, serves, standing);
    };
    CHECK(progress(true, 3, true, request) == handover_progress::under_way);
    CHECK(progress(true, 0, false, request) == handover_progress::under_way);
    CHECK(progress(true, 4, false, std::optional<handover_request>()) == handover_progress::under_way);
    CHECK(progress(true, 4, true, std::optional<handover_request>()) == handover_progress::done);
    CHECK(progress(false, 3, true, std::optional<handover_request>()) == handover_progress::under_way);
    CHECK(progress(true, 3, true, std::optional<handover_request>()) == handover_progress::refused);
    CHECK(progress(true, 3, true, std::optional(handover_request{"b", {2}})) == handover_progress::refused);
}
