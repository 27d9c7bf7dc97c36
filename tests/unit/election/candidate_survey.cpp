#include "election/candidate_survey.hpp"

#include "driver.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace penholder;
using namespace penholder::election;

namespace {

std::string candidate_number(int number, int priority = 0) {
    const auto text = std::to_string(number);
    return candidate_prefix(0x1000 + number, priority) + std::string(10 - text.size(), '0') + text;
}

std::int64_t session_number(int number) {
    return 0x1000 + number;
}

std::vector<std::string> thousand() {
    std::vector<std::string> names;
    for (int i = 0; i < 1000; ++i) names.push_back(candidate_number(i));
    return names;
}

group_snapshot led_by_number(int number) {
    group_snapshot seen;
    seen.scope = scope::full;
    seen.leader =
        leader_seen{leader_record{"leader", "1", "l:1", {4}, phase::serving, "since"}, session_number(number)};
    return seen;
}

/// Every name that is read where those of `able` could lead, and nobody reached `unreached`.
std::set<std::string> all_read(candidate_survey survey, const std::set<std::string>& able,
                               const std::string& unreached = {}) {
    std::set<std::string> read;
    for (auto names = survey.next(); !names.empty(); names = survey.next()) {
        for (const auto& name : names) {
            read.insert(name);
            survey.read(name, {"n", 0, able.contains(name), name == unreached}, true);
        }
    }
    return read;
}

std::set<std::string> set_of(const std::vector<std::string>& names) {
    return {names.begin(), names.end()};
}

}  // namespace

TEST_CASE("of a thousand candidates the own one, the leader's and the nearest ahead are read") {
    const auto names = thousand();
    const auto read = all_read({names, session_number(500), led_by_number(0)}, set_of(names));
    CHECK(read == std::set{candidate_number(0), candidate_number(499), candidate_number(500)});
}

TEST_CASE("whoever is next reads nobody but itself and the leader") {
    const auto names = thousand();
    const auto read = all_read({names, session_number(1), led_by_number(0)}, set_of(names));
    CHECK(read == std::set{candidate_number(0), candidate_number(1)});
}

TEST_CASE("candidates ahead that cannot lead are passed until one can") {
    const auto names = thousand();
    auto able = set_of(names);
    able.erase(candidate_number(499));
    able.erase(candidate_number(498));
    const auto read = all_read({names, session_number(500), led_by_number(0)}, able);
    CHECK(read == std::set{candidate_number(0), candidate_number(497), candidate_number(498), candidate_number(499),
                           candidate_number(500)});
    CHECK(all_read({names, session_number(500), led_by_number(0)}, {}).size() == 501);
}

TEST_CASE("a few ahead are all read, whoever could lead") {
    const auto names = thousand();
    CHECK(all_read({names, session_number(8), {}}, set_of(names)).size() == 9);
    CHECK(all_read({names, session_number(9), {}}, set_of(names)).size() == 2);
}

TEST_CASE("the names tell the priorities: the nearest ahead need not be the one before") {
    std::vector<std::string> names{candidate_number(1), candidate_number(2), candidate_number(3, 5),
                                   candidate_number(4, -1), candidate_number(5)};
    for (int first = 100; first < 120; ++first) names.push_back(candidate_number(first, 10));
    const auto read_by = [&](int number) { return all_read({names, session_number(number), {}}, set_of(names)); };
    CHECK(read_by(1) == std::set{candidate_number(1), candidate_number(3, 5)});
    CHECK(read_by(2) == std::set{candidate_number(2), candidate_number(1)});
    CHECK(read_by(3) == std::set{candidate_number(3, 5), candidate_number(119, 10)});
    CHECK(read_by(4) == std::set{candidate_number(4, -1), candidate_number(5)});
    CHECK(read_by(5) == std::set{candidate_number(5), candidate_number(2)});
}

TEST_CASE("who leads reads all, and everybody does where a handover is asked for") {
    const auto names = thousand();
    CHECK(all_read({names, session_number(0), led_by_number(0)}, set_of(names)) == set_of(names));
    auto asked = led_by_number(0);
    asked.control.handover = handover_request{"n", {4}};
    CHECK(all_read({names, session_number(500), asked}, set_of(names)) == set_of(names));
}

TEST_CASE("names that tell nothing are read by everybody, and so are all candidates of the own session") {
    const std::vector<std::string> names{"garbage", candidate_number(1), candidate_prefix(session_number(2)) + "7",
                                         candidate_prefix(session_number(2)) + "9"};
    const auto read = all_read({names, session_number(2), {}}, set_of(names));
    CHECK(read == set_of(names));
}

TEST_CASE("a node that does not stand reads no other candidate") {
    const auto names = thousand();
    CHECK(all_read({names, 0x9999, {}}, set_of(names)).empty());
}

TEST_CASE("one that nobody reached is not enough, and as the own one everybody matters") {
    const auto names = thousand();
    const auto nearest = all_read({names, session_number(500), led_by_number(0)}, set_of(names), candidate_number(499));
    CHECK(nearest.contains(candidate_number(498)));
    CHECK(nearest.size() < 10);
    CHECK(all_read({names, session_number(500), led_by_number(0)}, set_of(names), candidate_number(500)).size() ==
          1000);
}

TEST_CASE("those between two candidates of the own name are ahead: the first may be no session's") {
    auto names = thousand();
    names.push_back(candidate_prefix(session_number(2), 0) + "0000000999");
    const auto read = all_read({names, session_number(2), led_by_number(0)}, set_of(names));
    CHECK(read.contains(candidate_number(998)));
    CHECK(read.contains(candidate_number(2)));
}

TEST_CASE("those that were not read keep their place in the succession") {
    const auto names = thousand();
    auto seen = led_by_number(0);
    candidate_survey survey(names, session_number(500), seen);
    for (auto asked = survey.next(); !asked.empty(); asked = survey.next()) {
        for (const auto& name : asked) {
            survey.read(name, {"n", 0, true}, true);
            seen.candidates.push_back({name, {"n" + name, 0, true}, 3});
        }
    }
    survey.complete(seen);
    const auto order = in_succession(seen.contenders(""), "");
    REQUIRE(order.size() == 1000);
    for (int i = 0; i < 1000; ++i) CHECK(order[static_cast<std::size_t>(i)].znode == candidate_number(i));
    const auto ahead = just_ahead(order, candidate_number(500));
    REQUIRE(ahead.has_value());
    CHECK(ahead->node == "n" + candidate_number(499));
}
