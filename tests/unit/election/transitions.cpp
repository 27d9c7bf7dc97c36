#include "driver.hpp"

#include <catch2/catch_test_macros.hpp>

#include <functional>
#include <utility>
#include <vector>

using namespace penholder;
using namespace penholder::election;

namespace {

using state = std::pair<const char*, std::function<driver()>>;

driver after(const std::function<void(driver&)>& steps, bool observer = false, bool eligible = true) {
    driver made(observer, eligible);
    steps(made);
    return made;
}

const std::vector<state>& states() {
    static const std::vector<state> all{
        {"new", [] { return driver(); }},
        {"looking", [] { return after([](driver& it) { it.connect(); }); }},
        {"creating parents",
         [] {
             return after([](driver& it) {
                 it.connect();
                 auto nothing = driver::empty_group();
                 nothing.group_exists = false;
                 it.show(nothing);
             });
         }},
        {"enrolling",
         [] {
             return after([](driver& it) {
                 it.connect();
                 it.show(driver::empty_group());
             });
         }},
        {"name taken",
         [] {
             return after([](driver& it) {
                 it.connect();
                 group_snapshot seen;
                 seen.self = member_seen{0x99, "other"};
                 it.show(seen);
             });
         }},
        {"following", [] { return after([](driver& it) { it.follow(); }); }},
        {"observing", [] { return after([](driver& it) { it.follow(); }, true); }},
        {"ineligible", [] { return after([](driver& it) { it.follow(); }, false, false); }},
        {"leading asked",
         [] {
             return after([](driver& it) {
                 it.connect();
                 it.show(driver::enrolled());
             });
         }},
        {"fencing", [] { return after([](driver& it) { it.elect(); }); }},
        {"declaring",
         [] {
             return after([](driver& it) {
                 it.elect();
                 it.on(event::fence_raised{{1}});
             });
         }},
        {"fence failed",
         [] {
             return after([](driver& it) {
                 it.elect();
                 it.on(event::fence_failed{{1}, {errc::database_unreachable, "gone"}, {}});
             });
         }},
        {"serving", [] { return after([](driver& it) { it.serve(); }); }},
        {"evicting",
         [] {
             return after([](driver& it) {
                 it.follow();
                 it.on(event::leader_died{{{4}, "b", "9", "its link broke"}});
                 it.show(driver::led_by("b", 0x20, 4));
             });
         }},
        {"draining",
         [] {
             return after([](driver& it) {
                 it.serve();
                 it.on(event::stop{});
             });
         }},
        {"suspended leader",
         [] {
             return after([](driver& it) {
                 it.serve();
                 it.on(event::session_suspended{1});
             });
         }},
        {"suspended follower",
         [] {
             return after([](driver& it) {
                 it.follow();
                 it.on(event::session_suspended{1});
             });
         }},
        {"expired",
         [] {
             return after([](driver& it) {
                 it.serve();
                 it.on(event::session_expired{1});
             });
         }},
        {"fenced",
         [] {
             return after([](driver& it) {
                 it.serve();
                 it.on(event::fenced{{9}, "b", "b:1"});
             });
         }},
        {"stopped", [] { return after([](driver& it) { it.on(event::stop{}); }); }},
    };
    return all;
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
                               event::resign{},
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
    for (const auto which :
         {timer::retry, timer::fence_backoff, timer::heir, timer::drain, timer::vacancy, timer::eviction}) {
        for (ticket number = 0; number < 12; ++number) all.emplace_back(event::timer_fired{which, number});
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
    for (const auto& [name, make] : states()) {
        CAPTURE(name);
        const auto count = events_for(make()).size();
        for (std::size_t first = 0; first < count; ++first) {
            for (std::size_t second = 0; second < count; ++second) {
                auto it = make();
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
    auto it = states().back().second();
    for (const auto& each : events_for(it)) CHECK(it.on(each).empty());
}
