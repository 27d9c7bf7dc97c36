#include "world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <set>

// Many candidates in one group. Everybody follows the news of who leads; one contends; and when that is decided the one
// behind it reads who would be next, so as to be ready.

namespace penholder::scenario {
namespace {

constexpr std::size_t crowd = 1000;

std::string name_of(std::size_t number) {
    return "n" + std::to_string(10'000 + number);  // One width, so that they sort as they came.
}

}  // namespace

TEST_CASE("of a thousand candidates one leader's death wakes one contender") {
    world in;
    for (std::size_t i = 0; i < crowd; ++i) {
        in.add(name_of(i));
        in.connect(name_of(i));
        while (in.step(name_of(i))) {
        }
    }
    in.settle();
    REQUIRE(in.serving() == std::vector{name_of(0)});
    REQUIRE(in.ensemble().candidates() == crowd);
    in.take_efforts();
    in.take_log();

    const auto records = in.ensemble().candidates_read();
    in.kill(name_of(0));
    in.settle();
    REQUIRE(in.serving() == std::vector{name_of(1)});
    // Those who may have to act know at once, the others when their time has come, or something waits for the leader.
    CHECK(in.seen_by(name_of(8)).leader == name_of(1));
    CHECK(in.seen_by(name_of(500)).leader == name_of(0));
    in.tell(name_of(500), election::event::leader_wanted{});
    in.settle();
    CHECK(in.seen_by(name_of(500)).leader == name_of(1));
    for (const auto& name : in.names()) in.fire(name, election::timer::news);
    in.settle();
    const auto efforts = in.take_efforts();
    const std::set<std::string> expected{name_of(1), name_of(2)};
    std::set<std::string> read_all;
    std::size_t contests = 0;
    std::size_t most_of_others = 0;
    for (const auto& [name, spent] : efforts) {
        CHECK(in.seen_by(name).leader == name_of(1));
        contests += spent.contests;
        if (spent.full_reads > 0) read_all.insert(name);
        if (!expected.contains(name)) most_of_others = std::max(most_of_others, spent.questions);
    }
    CHECK(contests == 1);
    CHECK(efforts.at(name_of(1)).contests == 1);
    CHECK(read_all == expected);
    CHECK(efforts.at(name_of(2)).full_reads == 1);
    CHECK(in.ensemble().candidates_read() - records <= 10);
    // The leader is gone, another is elected, it serves: three pieces of news, and a partial read at each.
    CHECK(most_of_others <= 3);
}

TEST_CASE("who joins a thousand reads a few records, not all") {
    world in;
    std::size_t most = 0;
    for (std::size_t i = 0; i < crowd; ++i) {
        const auto before = in.ensemble().candidates_read();
        in.add(name_of(i));
        in.connect(name_of(i));
        while (in.step(name_of(i))) {
        }
        most = std::max(most, in.ensemble().candidates_read() - before);
    }
    CHECK(most <= 24);
}

TEST_CASE("a candidate that leaves the middle of a thousand wakes the one behind it only") {
    world in;
    for (std::size_t i = 0; i < crowd; ++i) {
        in.add(name_of(i));
        in.connect(name_of(i));
        while (in.step(name_of(i))) {
        }
    }
    in.settle();
    in.take_efforts();
    in.kill(name_of(500));
    in.settle();
    const auto efforts = in.take_efforts();
    CHECK(efforts.size() == 1);
    CHECK(efforts.contains(name_of(501)));
    CHECK(in.serving() == std::vector{name_of(0)});
}

}  // namespace penholder::scenario
