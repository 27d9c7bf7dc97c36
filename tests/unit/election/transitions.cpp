#include "driver.hpp"

#include <catch2/catch_test_macros.hpp>

#include <iterator>
#include <vector>

using namespace penholder;
using namespace penholder::election;

namespace {

using steps = void (*)(driver&);

/// How a state is reached.
struct state {
    const char* name;
    steps reach;
    bool observer = false;
    bool eligible = true;
};

void nothing(driver&) {}

void show_no_parents(driver& it) {
    it.connect();
    auto nothing_there = driver::empty_group();
    nothing_there.group_exists = false;
    it.show(nothing_there);
}

void show_taken_name(driver& it) {
    it.connect();
    group_snapshot seen;
    seen.self = member_seen{0x99, "other"};
    it.show(seen);
}

void evict(driver& it) {
    it.follow();
    it.on(event::leader_died{{{4}, "b", "9", "its link broke"}});
    it.show(driver::led_by("b", 0x20, 4));
}

template <auto Reach>
void then_suspended(driver& it) {
    Reach(it);
    it.on(event::session_suspended{1});
}

constexpr auto follow = [](driver& it) { it.follow(); };
constexpr auto serve = [](driver& it) { it.serve(); };
constexpr auto connect_and_show_enrolled = [](driver& it) { it.connect(), it.show(driver::enrolled()); };
constexpr auto connect_and_show_empty = [](driver& it) { it.connect(), it.show(driver::empty_group()); };
constexpr auto elect_and_raise = [](driver& it) { it.elect(), it.on(event::fence_raised{{1}}); };
constexpr auto elect_and_fail = [](driver& it) {
    it.elect(), it.on(event::fence_failed{{1}, {errc::database_unreachable, "gone"}, {}});
};
constexpr auto serve_and_stop = [](driver& it) { it.serve(), it.on(event::stop{}); };
constexpr auto serve_and_expire = [](driver& it) { it.serve(), it.on(event::session_expired{1}); };
constexpr auto serve_and_fence = [](driver& it) { it.serve(), it.on(event::fenced{{9}, "b", "b:1"}); };

const state states[] = {
    {"new", nothing},
    {"reading", [](driver& it) { it.connect(); }},
    {"creating parents", show_no_parents},
    {"enrolling", connect_and_show_empty},
    {"name taken", show_taken_name},
    {"following", follow},
    {"observing", follow, true},
    {"ineligible", follow, false, false},
    {"leading asked", connect_and_show_enrolled},
    {"fencing", [](driver& it) { it.elect(); }},
    {"declaring", elect_and_raise},
    {"fence failed", elect_and_fail},
    {"serving", serve},
    {"evicting", evict},
    {"draining", serve_and_stop},
    {"suspended leader", then_suspended<serve>},
    {"suspended follower", then_suspended<follow>},
    {"expired", serve_and_expire},
    {"fenced", serve_and_fence},
    {"stopped", [](driver& it) { it.on(event::stop{}); }},
};

driver driver_in(const state& what) {
    driver made(what.observer, what.eligible);
    what.reach(made);
    return made;
}

std::vector<any_event> events_for(const driver& it) {
    auto request = driver::led_by("a", driver::session, 1);
    request.control.handover = handover_request{"*", {1}};
    auto gone = driver::enrolled();
    gone.group_exists = false;
    std::vector<any_event> all{event::session_up{1, driver::session},
                               event::session_up{2, 0x77},
                               event::session_up{0, 0x66},
                               event::session_suspended{1},
                               event::session_suspended{0},
                               event::session_overdue{1},
                               event::session_overdue{0},
                               event::session_expired{1},
                               event::session_expired{0},
                               event::leader_changed{1},
                               event::control_changed{1},
                               event::self_changed{1},
                               event::candidate_changed{1, driver::own_candidate()},
                               event::candidate_changed{1, "stranger"},
                               event::eligibility{false},
                               event::eligibility{true},
                               event::database_term{{12}},
                               event::fence_raised{{1}},
                               event::fence_raised{{77}},
                               event::fence_failed{{1}, {errc::fenced, "no"}, term{5}},
                               event::fenced{{8}, "b", "b:1"},
                               event::fenced{{8}, "", ""},
                               event::drained{{1}},
                               event::drained{{5}},
                               event::leader_died{{{4}, "b", "9", "its link broke"}},
                               event::leader_died{{{4}, "b", "8", "a stale link broke"}},
                               event::leader_died{{{1}, "a", "1", "this very process"}},
                               event::leader_heard{{4}},
                               event::unreached{},
                               event::reached{},
                               event::leader_wanted{},
                               event::resign{},
                               event::retire{},
                               event::stop{}};
    for (const auto& seen : {driver::empty_group(), driver::enrolled(), driver::led_by("b", 0x20, 4), request, gone}) {
        all.emplace_back(event::snapshot_read{it.asked, seen});
        all.emplace_back(event::snapshot_read{it.asked + 50, seen});
    }
    for (const auto reply : {ensemble_reply::done, ensemble_reply::no_node, ensemble_reply::exists,
                             ensemble_reply::bad_version, ensemble_reply::lost, ensemble_reply::failed}) {
        all.emplace_back(event::answered{it.asked, reply, "why"});
        all.emplace_back(event::answered{it.asked + 50, reply, "why"});
    }
    for (const auto which : {timer::retry, timer::fence_backoff, timer::heir, timer::drain, timer::turn, timer::vacancy,
                             timer::eviction, timer::rival, timer::peace, timer::unreached, timer::news}) {
        for (ticket number = 0; number < 6; ++number) all.emplace_back(event::timer_fired{which, number});
    }
    return all;
}

int questions_in(const actions& all) {
    int count = 0;
    for (const auto& each : all) {
        std::visit(
            [&](const auto& action) {
                using type = std::decay_t<decltype(action)>;
                if constexpr (requires { action.ticket; } && !std::is_same_v<type, action::arm>) ++count;
            },
            each);
    }
    return count;
}

void check_legal(const driver& it) {
    CHECK(questions_in(it.last) <= 1);
    const auto& now = it.elector.current();
    if (now.is_leader() || now.role == role::fencing) {
        CHECK(now.leader == "a");
        CHECK(now.term > 0);
    }
    if (const auto* report = it.find<action::report>()) CHECK(report->now == now);
    if (const auto* fence = it.find<action::raise_fence>()) CHECK(fence->term.value == now.term);
}

}  // namespace

TEST_CASE("every event is legal in every state, and in the state that follows") {
    for (const auto& each : states) {
        CAPTURE(each.name);
        const auto count = events_for(driver_in(each)).size();
        for (std::size_t first = 0; first < count; ++first) {
            for (std::size_t second = 0; second < count; ++second) {
                auto it = driver_in(each);
                it.on(events_for(it)[first]);
                CAPTURE(first, second);
                check_legal(it);
                it.on(events_for(it)[second]);
                check_legal(it);
            }
        }
    }
}

TEST_CASE("a stopped elector says nothing more") {
    auto it = driver_in(*std::rbegin(states));
    for (const auto& each : events_for(it)) CHECK(it.on(each).empty());
}
