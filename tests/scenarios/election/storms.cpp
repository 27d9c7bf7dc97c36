#include "world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <random>
#include <set>

// Three electors and their ensemble under random faults between any two steps, many times over. Whatever happened, no
// term is served by two nodes, and when the faults end one node serves and everybody follows it.

namespace penholder::scenario {
namespace {

namespace event = election::event;

constexpr int rounds = 400;
constexpr int storms = 2000;

class storm {
public:
    explicit storm(unsigned seed) : random_(seed) {
        if (pick(4) == 0) in_.ensemble().start_sequence_at(2147483645);
        for (const auto* name : {"a", "b", "c"})
            in_.add(name, {pick(2), false, true, static_cast<std::size_t>(pick(3))});
    }

    void rage() {
        for (int round = 0; round < rounds; ++round) {
            const auto name = names_[static_cast<std::size_t>(pick(3))];
            if (pick(12) == 0) {
                strike(name);
            } else {
                in_.step(name);
            }
            note_leaders();
        }
    }

    void calm() {
        in_.ensemble().set_control({});
        for (const auto* name : {"a", "b", "c"}) {
            if (in_.ended(name)) in_.expire(name);
            in_.forget_faults(name);
            in_.connect(name);
            in_.answer_host(name);
            in_.tell(name, event::eligibility{true});
        }
        for (int count = 0; count < 12; ++count) {
            in_.settle();
            for (const auto* name : {"a", "b", "c"}) in_.pass_time(name);
        }
        in_.settle();
        note_leaders();
    }

    void check() {
        INFO(in_.summary() << in_.take_log());
        for (const auto& [term, leaders] : leaders_) {
            CAPTURE(term);
            CHECK(leaders.size() == 1);
        }
        REQUIRE(in_.serving().size() == 1);
        const auto leader = in_.serving().front();
        for (const auto* name : {"a", "b", "c"}) CHECK(in_.seen_by(name).leader == leader);
        CHECK(in_.ensemble().candidates() == 3);
    }

private:
    int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

    void strike(const std::string& name) {
        switch (pick(15)) {
            case 0: return in_.suspend(name);
            case 1: return in_.ended(name) ? in_.expire(name) : in_.connect(name);
            case 2: return in_.expire(name);
            case 3: return in_.end_silently(name);
            case 4: return in_.lose_next_reply(name);
            case 5: return in_.fail_fence(name, std::nullopt);
            case 6: return in_.pass_time(name);
            case 7: return in_.tell(name, event::eligibility{pick(2) == 0});
            case 8: return in_.tell(name, event::resign{});
            case 9: return in_.ensemble().remove_everything();
            case 10:
                return in_.ensemble().set_control({pick(3) == 0, std::nullopt, {}, {}, {}, drained_by_chance(name)});
            case 11: return pick(2) == 0 ? in_.hold_host(name) : in_.answer_host(name);
            case 12: return in_.bring_process_death(name);
            case 13: return in_.bring_process_death(name, "another incarnation");
            default:
                return in_.ensemble().set_control(
                    {false,
                     election::handover_request{names_[static_cast<std::size_t>(pick(3))], {in_.seen_by(name).term}}});
        }
    }

    std::vector<std::string> drained_by_chance(const std::string& name) {
        return pick(2) == 0 ? std::vector<std::string>{name} : std::vector<std::string>();
    }

    void note_leaders() {
        for (const auto& name : names_) {
            const auto& now = in_.seen_by(name);
            if (now.is_leader()) {
                leaders_[now.term].insert(name);
            }
        }
    }

    std::mt19937 random_;
    world in_;
    std::vector<std::string> names_{"a", "b", "c"};
    std::map<std::uint64_t, std::set<std::string>> leaders_;
};

}  // namespace

TEST_CASE("after any storm one node serves, and no term was ever served by two") {
    for (unsigned seed = 1; seed <= storms; ++seed) {
        CAPTURE(seed);
        storm weather(seed);
        weather.rage();
        weather.calm();
        weather.check();
    }
}

}  // namespace penholder::scenario
