#include "write/pending.hpp"

#include "write/write_check.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace std::chrono_literals;

namespace penholder::testing {
namespace {

using place = pending_write::place;
constexpr pending_write::time_point noon = pending_write::time_point{} + 12h;

pending_write some_write(std::uint64_t from, std::chrono::milliseconds deadline = 1000ms) {
    auto what = std::make_shared<write>("order-" + std::to_string(from));
    what->add("UPDATE t SET v = v + 1");
    write_check check(1000);
    return {.from = ticket{from},
            .what = *check.check(what->id(), what),
            .sequence = {},
            .deadline = noon + deadline,
            .due = {}};
}

}  // namespace

TEST_CASE("writes that are ready are sent in the order in which they came") {
    pending_table table;
    table.add(some_write(1));
    table.add(some_write(2));
    CHECK(table.first_ready()->from == ticket{1});
    table.sent(*table.first_ready(), place::link);
    CHECK(table.first_ready()->from == ticket{2});
    table.sent(*table.first_ready(), place::lane);
    CHECK(table.first_ready() == nullptr);
    CHECK(table.link_count() == 1);
    table.make_ready(*table.find({1}));
    CHECK(table.first_ready()->from == ticket{1});
    CHECK(table.link_count() == 0);
}

TEST_CASE("a table knows its writes by ticket and by id, and what they take") {
    pending_table table;
    auto& one = table.add(some_write(1));
    CHECK(table.holds(ticket{1}));
    CHECK(table.holds("order-1"));
    CHECK(table.bytes() == one.what.bytes());
    table.erase(one);
    CHECK_FALSE(table.holds(ticket{1}));
    CHECK_FALSE(table.holds("order-1"));
    CHECK(table.bytes() == 0);
    CHECK(table.size() == 0);
}

TEST_CASE("a write that is delayed is not ready until it is due, or all are woken") {
    pending_table table;
    auto& one = table.add(some_write(1));
    table.delay(one, noon + 10ms);
    CHECK(table.first_ready() == nullptr);
    CHECK(table.next_due() == noon + 10ms);
    CHECK(table.first_due(noon + 9ms) == nullptr);
    CHECK(table.first_due(noon + 10ms) == &one);
    table.wake_delayed();
    CHECK(table.first_ready() == &one);
    CHECK(table.next_due() == one.deadline);
}

TEST_CASE("no delay is longer than the deadline") {
    pending_table table;
    auto& one = table.add(some_write(1, 5ms));
    table.delay(one, noon + 1h);
    CHECK(table.next_due() == noon + 5ms);
}

TEST_CASE("what is under way is listed by where it is") {
    pending_table table;
    for (std::uint64_t from = 1; from <= 3; ++from) table.add(some_write(from));
    table.sent(*table.find({1}), place::link);
    table.sent(*table.find({2}), place::lane);
    CHECK(table.on_link() == std::vector<ticket>{{1}});
    CHECK(table.waiting() == std::vector<ticket>{{3}});
    CHECK(table.everything() == std::vector<ticket>{{1}, {2}, {3}});
}

}  // namespace penholder::testing
