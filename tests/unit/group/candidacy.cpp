#include "group/candidacy.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace penholder;
using namespace penholder::group;
using namespace std::chrono_literals;

namespace {

using step = znode_step::kind;

constexpr instant noon_on_both_clocks{time_point{} + 12h, std::chrono::system_clock::time_point{} + 12h};

instant later(std::chrono::milliseconds by) {
    return {noon_on_both_clocks.steady + by, noon_on_both_clocks.wall + by};
}

candidacy_options options_of_a() {
    candidacy_options options;
    options.group = "orders";
    options.self.node = "a";
    options.self.incarnation = "1";
    options.self.endpoint = "a:1";
    options.self.role_wanted = "candidate";
    options.has_database = false;
    return options;
}

template <class Action>
const Action* find(const candidacy_actions& all) {
    for (const auto& each : all) {
        if (const auto* found = std::get_if<Action>(&each)) return found;
    }
    return nullptr;
}

candidacy_actions answer(candidacy& own, election::ticket ticket, election::ensemble_reply reply) {
    return own.on(election::event::answered{ticket, reply, {}}, noon_on_both_clocks);
}

// A node that has just connected with session 0x10 and is shown `seen` when it reads.
candidacy_actions shown(candidacy& own, const candidacy_actions& asked, election::group_snapshot seen) {
    const auto* read = find<action::read_group>(asked);
    REQUIRE(read != nullptr);
    seen.scope = read->scope;
    return own.on(election::event::snapshot_read{read->ticket, std::move(seen)}, noon_on_both_clocks);
}

election::group_snapshot enrolled() {
    election::group_snapshot seen;
    seen.self = election::member_seen{0x10, "1"};
    return seen;
}

election::group_snapshot standing_alone() {
    auto seen = enrolled();
    seen.candidates.push_back({"0000000000000010-0000000003", {"a", 0, true}, 2});
    return seen;
}

}  // namespace

TEST_CASE("a node that connects reads the group, and enrolls where it is missing") {
    candidacy own(options_of_a());
    auto asked = own.on(election::event::session_up{1, 0x10}, noon_on_both_clocks);
    REQUIRE(find<action::read_group>(asked));
    CHECK(find<action::read_group>(asked)->scope == election::scope::full);
    asked = shown(own, asked, {});
    REQUIRE(find<action::change_znodes>(asked));
    const auto& steps = find<action::change_znodes>(asked)->steps;
    REQUIRE(steps.size() == 1);
    CHECK(steps[0].what == step::create);
    CHECK(steps[0].path == "/penholder/orders/members/a");
    CHECK(steps[0].how == znode_step::mode::ephemeral);
}

TEST_CASE("what an earlier life has left is replaced in one transaction") {
    auto options = options_of_a();
    options.self.binding = "boot net a:1";
    candidacy own(options);
    election::group_snapshot left;
    left.self = election::member_seen{0x20, "other", "", 3, "boot net a:1"};
    left.candidates.push_back({"0000000000000020-0000000003", {"a", 0, true}, 2});
    const auto asked = shown(own, own.on(election::event::session_up{1, 0x10}, noon_on_both_clocks), left);
    REQUIRE(find<action::change_znodes>(asked));
    const auto& steps = find<action::change_znodes>(asked)->steps;
    REQUIRE(steps.size() == 3);
    CHECK(steps[0] == znode_step{step::remove, "/penholder/orders/members/a", {}, 3, {}});
    CHECK(steps[1] == znode_step{step::remove, "/penholder/orders/candidates/0000000000000020-0000000003", {}, -1, {}});
    CHECK(steps[2].what == step::create);
    CHECK(steps[2].path == "/penholder/orders/members/a");
}

TEST_CASE("a group without znodes gets them, parents first") {
    candidacy own(options_of_a());
    election::group_snapshot nothing;
    nothing.group_exists = false;
    const auto asked = shown(own, own.on(election::event::session_up{1, 0x10}, noon_on_both_clocks), nothing);
    REQUIRE(find<action::create_znodes>(asked));
    const auto& paths = find<action::create_znodes>(asked)->paths;
    CHECK(std::ranges::find(paths, "/penholder/orders/terms") != paths.end());
    CHECK(std::ranges::find(paths, "/penholder/orders") < std::ranges::find(paths, "/penholder/orders/terms"));
}

TEST_CASE("a candidate's name begins with the session's id") {
    candidacy own(options_of_a());
    const auto asked = shown(own, own.on(election::event::session_up{1, 0x10}, noon_on_both_clocks), enrolled());
    REQUIRE(find<action::change_znodes>(asked));
    const auto& made = find<action::change_znodes>(asked)->steps.at(0);
    CHECK(made.path == "/penholder/orders/candidates/0000000000000010-");
    CHECK(made.how == znode_step::mode::ephemeral_sequential);
}

TEST_CASE("the first in succession is elected in one transaction that checks what it saw, and dates its term") {
    candidacy own(options_of_a());
    auto seen = standing_alone();
    seen.terms_version = 7;
    seen.control_version = 5;
    const auto asked = shown(own, own.on(election::event::session_up{1, 0x10}, noon_on_both_clocks), seen);
    REQUIRE(find<action::change_znodes>(asked));
    const auto& steps = find<action::change_znodes>(asked)->steps;
    REQUIRE(steps.size() == 4);
    CHECK(steps[0] == znode_step{step::check, "/penholder/orders/control", {}, 5, {}});
    CHECK(steps[1] == znode_step{step::check, "/penholder/orders/candidates/0000000000000010-0000000003", {}, 2, {}});
    CHECK(steps[2].what == step::create);
    CHECK(steps[2].path == "/penholder/orders/leader");
    CHECK(steps[2].data.find("1970-01-01T12:00:00.000Z") != std::string::npos);
    CHECK(steps[3].what == step::set);
    CHECK(steps[3].path == "/penholder/orders/terms");
    CHECK(steps[3].version == 7);
    const auto out = answer(own, find<action::change_znodes>(asked)->ticket, election::ensemble_reply::done);
    REQUIRE(find<elected>(out));
    CHECK(find<elected>(out)->term == term{1});
    REQUIRE(find<leadership_changed>(out));
    CHECK(find<leadership_changed>(out)->now.role == role::fencing);
    penholder::group_status told;
    own.tell(told);
    CHECK(told.leader_since == "1970-01-01T12:00:00.000Z");
}

TEST_CASE("a watch that fires is told by its path, and other groups' paths say nothing") {
    candidacy own(options_of_a());
    shown(own, own.on(election::event::session_up{1, 0x10}, noon_on_both_clocks), standing_alone());
    CHECK(own.znode_changed({1, "/penholder/books/leader"}, noon_on_both_clocks).empty());
    candidacy idle(options_of_a());
    auto seen = standing_alone();
    seen.leader = election::leader_seen{
        election::leader_record{"b", "2", "b:1", term{1}, election::phase::serving, "now"}, 0x20, 1};
    shown(idle, idle.on(election::event::session_up{1, 0x10}, noon_on_both_clocks), seen);
    auto asked = idle.znode_changed({1, "/penholder/orders/control"}, noon_on_both_clocks);
    REQUIRE(find<action::read_group>(asked));
    CHECK(find<action::read_group>(asked)->scope == election::scope::partial);
    CHECK(shown(idle, asked, seen).empty());
    asked = idle.znode_changed({1, "/penholder/orders/members/a"}, noon_on_both_clocks);
    REQUIRE(find<action::read_group>(asked));
    CHECK(find<action::read_group>(asked)->scope == election::scope::full);
}

TEST_CASE("a question that failed is asked again after a while, by the candidacy's own timer") {
    candidacy own(options_of_a());
    const auto asked = own.on(election::event::session_up{1, 0x10}, noon_on_both_clocks);
    answer(own, find<action::read_group>(asked)->ticket, election::ensemble_reply::failed);
    REQUIRE(own.next_deadline());
    CHECK(own.trouble());
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*own.next_deadline() - noon_on_both_clocks.steady);
    CHECK(own.time_passed(later(wait - 1ms)).empty());
    CHECK(find<action::read_group>(own.time_passed(later(wait))));
}

TEST_CASE("each report is a line for the log before it is told") {
    candidacy own(options_of_a());
    const auto asked = shown(own, own.on(election::event::session_up{1, 0x10}, noon_on_both_clocks), standing_alone());
    const auto out = answer(own, find<action::change_znodes>(asked)->ticket, election::ensemble_reply::done);
    const auto is_line = [](const candidacy_action& each) {
        const auto* line = std::get_if<action::log>(&each);
        return line != nullptr && line->event == "leadership" && !line->warning;
    };
    const auto line = std::ranges::find_if(out, is_line);
    REQUIRE(line != out.end());
    REQUIRE(std::next(line) != out.end());
    CHECK(std::holds_alternative<leadership_changed>(*std::next(line)));
}

TEST_CASE("who has left asks nothing more") {
    candidacy own(options_of_a());
    const auto out = own.on(election::event::stop{}, noon_on_both_clocks);
    CHECK(find<election_left>(out));
    CHECK_FALSE(own.next_deadline());
}
