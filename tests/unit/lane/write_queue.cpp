#include "lane/write_queue.hpp"

#include "lane_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::lane;
using namespace penholder::lane::testing;
using namespace std::chrono_literals;

namespace {

group_options bounds() {
    group_options group;
    group.batch_max_writes = 3;
    group.queue_max_writes = 5;
    group.queue_max_bytes = 10'000;
    group.queue_time_max_ms = 1000;
    return group;
}

std::vector<std::string> ids(const std::vector<queued_write>& all) {
    std::vector<std::string> found;
    for (const auto& one : all) found.push_back(one.id());
    return found;
}

}  // namespace

TEST_CASE("a batch takes as many as may share it, in order") {
    write_queue queue(bounds());
    for (const auto* key : {"a", "b", "c", "d"}) queue.add(keyed(key), now);
    CHECK(ids(queue.take_batch(now)) == std::vector<std::string>{"a", "b", "c"});
    CHECK(ids(queue.take_batch(now)) == std::vector<std::string>{"d"});
    CHECK(queue.take_batch(now).empty());
}

TEST_CASE("a write that must be alone goes alone, and those behind it wait for it") {
    write_queue queue(bounds());
    queue.add(keyed("a"), now);
    auto alone = keyed("b");
    alone.alone = true;
    queue.add(std::move(alone), now);
    queue.add(keyed("c"), now);
    CHECK(ids(queue.take_batch(now)) == std::vector<std::string>{"a"});
    CHECK(ids(queue.take_batch(now)) == std::vector<std::string>{"b"});
    CHECK(ids(queue.take_batch(now)) == std::vector<std::string>{"c"});
}

TEST_CASE("a write that pauses after a conflict is passed over until its pause ends") {
    write_queue queue(bounds());
    queue.add(keyed("a"), now);
    auto taken = queue.take_batch(now);
    taken.front().not_before = now + 5ms;
    queue.requeue(std::move(taken), now);
    queue.add(keyed("b"), now);
    CHECK(queue.due() == now + 5ms);
    CHECK(ids(queue.take_batch(now)) == std::vector<std::string>{"b"});
    CHECK(ids(queue.take_batch(now + 5ms)) == std::vector<std::string>{"a"});
}

TEST_CASE("an id is held until its write is answered, through batches and further tries") {
    write_queue queue(bounds());
    queue.add(keyed("a"), now);
    auto taken = queue.take_batch(now);
    CHECK(queue.holds("a"));
    queue.requeue(std::move(taken), now);
    taken = queue.take_batch(now);
    queue.release(taken.front());
    CHECK_FALSE(queue.holds("a"));
}

TEST_CASE("what is too late is taken out, and the queue is due at the next deadline") {
    write_queue queue(bounds());
    queue.add(a_write(write_id::parse("late").value(), {statement(plain_sql)}, 10ms), now);
    queue.add(a_write(write_id::parse("later").value(), {statement(plain_sql)}, 20ms), now);
    CHECK(queue.due() == now + 10ms);
    CHECK(queue.take_expired(now + 9ms).empty());
    CHECK(ids(queue.take_expired(now + 10ms)) == std::vector<std::string>{"late"});
    CHECK(queue.due() == now + 20ms);
    CHECK(ids(queue.take_expired(now + 1h)) == std::vector<std::string>{"later"});
    CHECK(queue.due() == write_queue::time_point::max());
}

TEST_CASE("the queue is bounded in number, and the message says which bound was reached") {
    write_queue queue(bounds());
    for (const auto* key : {"a", "b", "c", "d", "e"}) {
        CHECK_FALSE(queue.full(100, 0).has_value());
        queue.add(keyed(key), now);
    }
    const auto why = queue.full(100, 0);
    REQUIRE(why.has_value());
    CHECK(why->code == errc::overloaded);
    CHECK(why->message.find("5 wait") != std::string::npos);
}

TEST_CASE("one write alone is always taken, however large it is; a second one is not") {
    write_queue queue(bounds());
    CHECK_FALSE(queue.full(20'000, 0).has_value());
    queue.add(keyed("a"), now);
    REQUIRE(queue.full(20'000, 0).has_value());
    queue.release(queue.take_batch(now).front());
    CHECK_FALSE(queue.full(20'000, 0).has_value());
}

TEST_CASE("a write that would wait too long is refused, but never one that fits the next batch") {
    write_queue queue(bounds());
    queue.took(3, std::chrono::seconds(1));
    CHECK_FALSE(queue.full(100, 3).has_value());
    for (const auto* key : {"a", "b", "c"}) queue.add(keyed(key), now);
    const auto why = queue.full(100, 3);
    REQUIRE(why.has_value());
    CHECK(why->message.find("queue_time_max_ms is 1000") != std::string::npos);
    CHECK(queue.expected_wait(3) == 3s);
}

TEST_CASE("the whole queue can be taken, in order") {
    write_queue queue(bounds());
    for (const auto* key : {"a", "b"}) queue.add(keyed(key), now);
    CHECK(ids(queue.take_all()) == std::vector<std::string>{"a", "b"});
    CHECK(queue.size() == 0);
}
