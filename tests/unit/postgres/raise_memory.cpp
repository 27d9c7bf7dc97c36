#include "postgres/raise_memory.hpp"

#include <catch2/catch_test_macros.hpp>

namespace penholder::postgres {

namespace {

constexpr fence_raise first_raise{{5}, {1, 0x100}};
constexpr fence_raise raise_after{{5}, {2, 0x120}};

fence_record fence_of(lineage how, const std::string& database = "7/1") {
    fence_record made{.group = "orders", .term = how.last.term, .leader = "a", .endpoint = "a:1", .fenced_at = {}};
    made.database = database;
    made.lineage = how;
    return made;
}

}  // namespace

TEST_CASE("a failover is remembered, and what the ensemble shows of before changes nothing") {
    raise_memory memory("orders");
    memory.expect({"7/1", first_raise}, false);
    memory.raised(memory.known(), fence_of({2, first_raise}), fence_of({2, raise_after}));
    CHECK(memory.known().last == raise_after);
    CHECK(memory.setbacks() == 0);
    memory.expect({"7/1", first_raise}, false);
    CHECK(memory.known().last == raise_after);
    memory.expect({"7/1", {{6}, {2, 0x200}}}, false);
    CHECK(memory.known().last.term == term{6});
}

TEST_CASE("what a server of the group holds is remembered, and nothing of another's") {
    raise_memory memory("orders");
    memory.saw(fence_of({2, raise_after}));
    CHECK_FALSE(memory.known().last.is_known());
    memory.expect({"7/1", first_raise}, false);
    memory.saw(fence_of({2, raise_after}, "8/1"));
    CHECK(memory.known().last == first_raise);
    memory.saw(fence_of({2, raise_after}));
    CHECK(memory.known().last == raise_after);
    memory.saw(fence_of({1, first_raise}));
    CHECK(memory.known().last == raise_after);
}

TEST_CASE("operators move a group back, and a raise that was under way elsewhere does not undo it") {
    raise_memory memory("orders");
    memory.expect({"7/1", raise_after}, false);
    const auto before = memory.known();
    memory.expect({"7/1", {{6}, {1, 0x100}}}, true);
    CHECK(memory.known().last == fence_raise{{6}, {1, 0x100}});
    memory.raised(before, fence_of({2, raise_after}), fence_of({2, raise_after}));
    CHECK(memory.known().last == fence_raise{{6}, {1, 0x100}});
}

TEST_CASE("a fence that went back is counted, whether by a failover or by hand") {
    raise_memory memory("orders");
    memory.expect({"7/1", first_raise}, false);
    memory.raised(memory.known(), fence_of({2, {{4}, {1, 0x50}}}), fence_of({2, raise_after}));
    CHECK(memory.setbacks() == 1);
    memory.raised(memory.known(), fence_of({2, {{3}, {2, 0x120}}}), fence_of({2, raise_after}));
    CHECK(memory.setbacks() == 2);
}

TEST_CASE("another database has a memory of its own") {
    raise_memory memory("orders");
    memory.expect({"7/1", raise_after}, false);
    memory.expect({"8/1", {}}, true);
    CHECK_FALSE(memory.known().last.is_known());
    CHECK_FALSE(why_not_written("a:1", fence_of({1, first_raise}, "8/1"), {"7/1", raise_after}).has_value());
    CHECK(why_not_written("a:1", fence_of({1, first_raise}), {"7/1", raise_after}).has_value());
}

TEST_CASE("hosts are refused until they are no more") {
    raise_memory memory("orders");
    memory.refuse({"host a is older"});
    CHECK(memory.refused() == std::vector<std::string>{"host a is older"});
    memory.refuse({});
    CHECK(memory.refused().empty());
}

}  // namespace penholder::postgres
