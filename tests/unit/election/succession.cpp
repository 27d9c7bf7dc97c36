#include "election/succession.hpp"

#include <catch2/catch_test_macros.hpp>

#include <limits>

using namespace penholder::election;

namespace {

contender stand(const std::string& node, std::int32_t sequence, int priority = 0, bool eligible = true) {
    return {"znode-of-" + node, node, priority, sequence, eligible};
}

std::vector<std::string> names(const std::vector<contender>& order) {
    std::vector<std::string> all;
    for (const auto& each : order) all.push_back(each.node);
    return all;
}

using list = std::vector<std::string>;

}  // namespace

TEST_CASE("the highest priority leads, then the lowest sequence") {
    CHECK(names(in_succession({stand("a", 3), stand("b", 1), stand("c", 9, 5)}, "")) == list{"c", "b", "a"});
}

TEST_CASE("whoever was not reached when it led comes last, whatever its priority, unless a handover names it") {
    auto unreached = stand("a", 1, 9);
    unreached.unreached = true;
    CHECK(names(in_succession({unreached, stand("b", 2)}, "")) == list{"b", "a"});
    CHECK(names(in_succession({unreached, stand("b", 2)}, "a")) == list{"a", "b"});
    CHECK(names(in_succession({unreached, stand("b", 2, 0, false)}, "")) == list{"a"});
}

TEST_CASE("the node that a handover names comes first, whatever its priority") {
    CHECK(names(in_succession({stand("a", 1, 9), stand("b", 2)}, "b")) == list{"b", "a"});
    CHECK(names(in_succession({stand("a", 1, 9), stand("b", 2)}, "gone")) == list{"a", "b"});
    CHECK(names(in_succession({stand("a", 1), stand("b", 2, 0, false)}, "b")) == list{"a"});
}

TEST_CASE("who is not eligible is in no succession") {
    CHECK(names(in_succession({stand("a", 1, 0, false), stand("b", 2)}, "")) == list{"b"});
    CHECK(in_succession({stand("a", 1, 0, false)}, "").empty());
    CHECK(in_succession({}, "a").empty());
}

TEST_CASE("the sequence goes on after 2147483647 with -2147483648") {
    constexpr auto last = std::numeric_limits<std::int32_t>::max();
    constexpr auto wrapped = std::numeric_limits<std::int32_t>::min();
    CHECK(earlier(last, wrapped));
    CHECK_FALSE(earlier(wrapped, last));
    CHECK(earlier(-1, 0));
    CHECK_FALSE(earlier(7, 7));
    CHECK(names(in_succession({stand("late", wrapped), stand("early", last)}, "")) == list{"early", "late"});
}

TEST_CASE("everybody watches the one just ahead, the first nobody") {
    const auto order = in_succession({stand("a", 1), stand("b", 2), stand("c", 3)}, "");
    CHECK_FALSE(just_ahead(order, "znode-of-a").has_value());
    CHECK(just_ahead(order, "znode-of-b")->node == "a");
    CHECK(just_ahead(order, "znode-of-c")->node == "b");
    CHECK_FALSE(just_ahead(order, "znode-of-stranger").has_value());
}
