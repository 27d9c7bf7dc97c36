#include "model/lineage.hpp"

#include <catch2/catch_test_macros.hpp>

namespace penholder {

namespace {

constexpr log_position at(std::uint32_t timeline, std::uint64_t lsn) {
    return {timeline, lsn};
}
constexpr fence_raise raise(std::uint64_t number, std::uint32_t timeline, std::uint64_t lsn) {
    return {{number}, at(timeline, lsn)};
}
constexpr lineage server(std::uint32_t timeline, fence_raise last) {
    return {timeline, last};
}

}  // namespace

TEST_CASE("a position is written as PostgreSQL writes it, behind its timeline") {
    CHECK(to_string(at(2, 0x3000148)) == "2@0/3000148");
    CHECK(to_string(at(1, 0x16'B374D848)) == "1@16/B374D848");
    CHECK(to_string(log_position{}).empty());
    CHECK(to_string(raise(7, 2, 0x3000148)) == "7:2@0/3000148");
    CHECK(to_string(fence_raise{{7}, {}}).empty());
    for (const auto& each : {raise(1, 1, 0), raise(18446744073709551615U, 4294967295U, 18446744073709551615U)}) {
        CHECK(parse_fence_raise(to_string(each)) == each);
    }
    CHECK(parse_fence_raise("") == fence_raise{});
}

TEST_CASE("what is no position is not read as one") {
    for (const auto* text : {"2", "2@", "@0/1", "0@0/1", "2@0", "2@/1", "2@0/", "2@0/1x", "2@g/1", "x@0/1", "2/0@1",
                             "4294967296@0/1", "2@100000000/1", "-1@0/1", " 2@0/1"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_log_position(text).has_value());
        CHECK_FALSE(parse_fence_raise("7:" + std::string(text)).has_value());
    }
    for (const auto* text : {"2@0/1", ":2@0/1", "x:2@0/1", "7:", "7"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_fence_raise(text).has_value());
    }
}

TEST_CASE("what the schema answers is a lineage, and no lineage where it holds no raise") {
    CHECK(lineage_of("3", "7", "2", "0/3000148") == server(3, raise(7, 2, 0x3000148)));
    CHECK(lineage_of("3", "0", "0", "0/0") == server(3, {}));
}

TEST_CASE("the server that holds the last raise is the group's") {
    const auto last = raise(5, 1, 100);
    CHECK(descent_of(server(1, last), last) == descent::current);
    CHECK(descent_of(server(1, raise(6, 1, 200)), last) == descent::current);
    CHECK(descent_of(server(1, raise(5, 1, 50)), {}) == descent::current);
    CHECK(descent_of({}, last) == descent::current);
}

TEST_CASE("an old primary is on an older timeline, whatever it holds") {
    const auto last = raise(5, 2, 100);
    CHECK(descent_of(server(1, raise(5, 1, 90)), last) == descent::older_timeline);
    CHECK(descent_of(server(1, raise(9, 1, 900)), last) == descent::older_timeline);
}

TEST_CASE("a copy of the same timeline lacks the last raise") {
    const auto last = raise(5, 2, 100);
    CHECK(descent_of(server(2, raise(4, 2, 50)), last) == descent::older_raise);
    CHECK(descent_of(server(2, raise(5, 1, 90)), last) == descent::older_raise);
    CHECK(descent_of(server(2, {}), last) == descent::older_raise);
}

TEST_CASE("a newer timeline is a failover, with or without the last raise") {
    const auto last = raise(5, 1, 100);
    CHECK(descent_of(server(2, last), last) == descent::promoted);
    CHECK(descent_of(server(2, raise(5, 2, 120)), last) == descent::promoted);
    CHECK(descent_of(server(2, raise(6, 2, 120)), last) == descent::promoted);
    CHECK(descent_of(server(2, raise(4, 1, 50)), last) == descent::promoted_early);
    CHECK(descent_of(server(7, {}), last) == descent::promoted_early);
    CHECK(descent_of(server(1, raise(3, 1, 100)), last) == descent::set_back);
}

TEST_CASE("a server whose last raise is later and of an older term is one that operators moved the group away from") {
    const auto adopted = raise(6, 1, 100);
    CHECK(descent_of(server(2, raise(5, 2, 150)), adopted) == descent::left);
    CHECK(descent_of(server(1, raise(5, 1, 150)), adopted) == descent::left);
    CHECK(descent_of(server(2, raise(6, 2, 150)), adopted) == descent::promoted);
    CHECK(descent_of(server(1, raise(5, 1, 100)), adopted) == descent::set_back);
}

TEST_CASE("what may not be written to is said, with what to do") {
    for (const auto each : {descent::current, descent::set_back, descent::promoted, descent::promoted_early}) {
        CHECK(may_be_written(each));
    }
    for (const auto each : {descent::older_timeline, descent::older_raise, descent::left}) {
        CHECK_FALSE(may_be_written(each));
        CHECK_FALSE(lost_the_last_raise(each));
    }
    const auto last = raise(5, 2, 0x100);
    const auto old = refusal("db-1:5432", server(1, raise(5, 1, 0x90)), last);
    CHECK(
        old.starts_with("host db-1:5432 is not written to: it is on timeline 1, and term 5 was raised on timeline 2"));
    CHECK(old.find("adopt-database") != std::string::npos);
    CHECK(refusal("db-1:5432", server(2, raise(4, 2, 0x50)), last).find("at 2@0/100, and it holds 2@0/50") !=
          std::string::npos);
    CHECK(refusal("db-1:5432", server(3, raise(4, 3, 0x500)), last).find("a raise of term 4 at 3@0/500") !=
          std::string::npos);
    CHECK(outdone("a:1", server(1, last), "b:2", server(2, last)).find("it is on timeline 1, and host b:2 on 2") !=
          std::string::npos);
}

TEST_CASE("the newer timeline goes first, then the later raise") {
    CHECK(precedes(server(2, raise(1, 1, 1)), server(1, raise(9, 1, 9))));
    CHECK(precedes(server(2, raise(1, 2, 9)), server(2, raise(5, 2, 1))));
    CHECK_FALSE(precedes(server(2, raise(1, 2, 9)), server(2, raise(5, 2, 9))));
    CHECK(is_newer(raise(2, 1, 1), raise(1, 9, 9)));
    CHECK(is_newer(raise(2, 2, 1), raise(2, 1, 9)));
    CHECK_FALSE(is_newer(raise(2, 2, 1), raise(2, 2, 1)));
}

}  // namespace penholder
