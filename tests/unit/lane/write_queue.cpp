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

write_queue a_queue() {
    return {bounds(), 3};
}

/// Takes whatever has its turn.
std::vector<queued_write> turn_of(write_queue& queue, write_queue::time_point at = now) {
    return queue.take(at, [](const queued_write&) { return write_queue::fate::take; }).taken;
}

std::vector<std::string> ids(const std::vector<queued_write>& all) {
    std::vector<std::string> found;
    for (const auto& one : all) found.push_back(one.id());
    return found;
}

}  // namespace

TEST_CASE("a batch takes as many as may share it, in order") {
    auto queue = a_queue();
    for (const auto* key : {"a", "b", "c", "d"}) queue.add(keyed(key), now);
    CHECK(ids(turn_of(queue)) == std::vector<std::string>{"a", "b", "c"});
    CHECK(ids(turn_of(queue)) == std::vector<std::string>{"d"});
    CHECK(turn_of(queue).empty());
}

TEST_CASE("what is passed over keeps its place, and what is not for this way leaves it") {
    auto queue = a_queue();
    for (const auto* key : {"a", "b", "c", "d"}) queue.add(keyed(key), now);
    auto turn = queue.take(now, [](const queued_write& one) {
        return one.id() == "a"   ? write_queue::fate::pass
               : one.id() == "c" ? write_queue::fate::leave
                                 : write_queue::fate::take;
    });
    CHECK(ids(turn.taken) == std::vector<std::string>{"b", "d"});
    CHECK(ids(turn.left) == std::vector<std::string>{"c"});
    CHECK(ids(turn_of(queue)) == std::vector<std::string>{"a"});
}

TEST_CASE("of writes that store the time in one table a turn takes one, the others in order in the turns that follow") {
    auto queue = a_queue();
    const auto stamping = [](const std::string& key, const std::string& table) {
        auto made = keyed(key);
        made.stamped_tables = {table};
        return made;
    };
    queue.add(stamping("a1", "public.a"), now);
    queue.add(stamping("a2", "public.a"), now);
    queue.add(stamping("b1", "public.b"), now);
    queue.add(stamping("a3", "public.a"), now);
    queue.add(keyed("plain"), now);
    CHECK(ids(turn_of(queue)) == std::vector<std::string>{"a1", "b1", "plain"});
    CHECK(ids(turn_of(queue)) == std::vector<std::string>{"a2"});
    CHECK(ids(turn_of(queue)) == std::vector<std::string>{"a3"});
}

TEST_CASE("new rows with the time in a table share a turn, but not with a write that stores the time in its rows") {
    auto queue = a_queue();
    const auto add = [&](const std::string& key, bool is_new) {
        auto made = keyed(key);
        (is_new ? made.new_stamped_tables : made.stamped_tables) = {"public.a"};
        queue.add(std::move(made), now);
    };
    add("new1", true);
    add("new2", true);
    add("changed1", false);
    add("new3", true);
    CHECK(ids(turn_of(queue)) == std::vector<std::string>{"new1", "new2", "new3"});
    add("new4", true);
    CHECK(ids(turn_of(queue)) == std::vector<std::string>{"changed1"});
    CHECK(ids(turn_of(queue)) == std::vector<std::string>{"new4"});
}

TEST_CASE("new rows with the time in a table share no turn with deletions from it, which share it with each other") {
    auto queue = a_queue();
    const auto add = [&](const std::string& key, bool deletes, const std::string& table = "public.a") {
        auto made = keyed(key);
        (deletes ? made.deleted_tables : made.new_stamped_tables) = {table};
        queue.add(std::move(made), now);
    };
    add("new1", false);
    add("deletion1", true);
    add("new2", false);
    add("elsewhere", true, "public.b");
    add("deletion2", true);
    CHECK(ids(turn_of(queue)) == std::vector<std::string>{"new1", "new2", "elsewhere"});
    add("new3", false);
    CHECK(ids(turn_of(queue)) == std::vector<std::string>{"deletion1", "deletion2"});
    CHECK(ids(turn_of(queue)) == std::vector<std::string>{"new3"});
}

TEST_CASE("those that ran when a connection was lost have one loss more") {
    auto queue = a_queue();
    for (const auto* key : {"a", "b"}) queue.add(keyed(key), now);
    queue.note_losses({"b", "gone"});
    const auto all = turn_of(queue);
    CHECK(all.at(0).losses == 0);
    CHECK(all.at(1).losses == 1);
}

TEST_CASE("those that could run now are counted, without those that pause") {
    auto queue = a_queue();
    auto paused = keyed("paused");
    paused.not_before = now + 5ms;
    queue.add(std::move(paused), now);
    for (const auto* key : {"a", "b", "c"}) queue.add(keyed(key), now);
    const auto any = [](const queued_write&) { return true; };
    CHECK(queue.ready(now, any, 8) == 3);
    CHECK(queue.ready(now, any, 2) == 2);
    CHECK(queue.ready(now + 5ms, any, 8) == 4);
    CHECK(queue.ready(
              now, [](const queued_write& one) { return one.id() == "b"; }, 8) == 1);
}

TEST_CASE("a write that pauses after a conflict is passed over until its pause ends") {
    auto queue = a_queue();
    queue.add(keyed("a"), now);
    auto taken = turn_of(queue);
    taken.front().not_before = now + 5ms;
    queue.requeue(std::move(taken), now);
    queue.add(keyed("b"), now);
    CHECK(queue.due() == now + 5ms);
    CHECK(ids(turn_of(queue)) == std::vector<std::string>{"b"});
    CHECK(ids(turn_of(queue, now + 5ms)) == std::vector<std::string>{"a"});
}

TEST_CASE("what is too late is taken out, and the queue is due at the next deadline") {
    auto queue = a_queue();
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
    auto queue = a_queue();
    for (const auto* key : {"a", "b", "c", "d", "e"}) {
        CHECK_FALSE(queue.full(100, 0, 0).has_value());
        queue.add(keyed(key), now);
    }
    const auto why = queue.full(100, 0, 0);
    REQUIRE(why.has_value());
    CHECK(why->code == errc::overloaded);
    CHECK(why->message.find("5 wait") != std::string::npos);
}

TEST_CASE("one write alone is always taken, however large it is; a second one is not") {
    const auto queue = a_queue();
    CHECK_FALSE(queue.full(20'000, 0, 0).has_value());
    CHECK(queue.full(20'000, 1, 0).has_value());
    CHECK_FALSE(queue.full(9'000, 1'000, 0).has_value());
}

TEST_CASE("a write that would wait too long is refused, but never one that fits the next batch") {
    auto queue = a_queue();
    queue.took(3, std::chrono::seconds(1));
    CHECK_FALSE(queue.full(100, 0, 3).has_value());
    for (const auto* key : {"a", "b", "c"}) queue.add(keyed(key), now);
    const auto why = queue.full(100, 0, 3);
    REQUIRE(why.has_value());
    CHECK(why->message.find("queue_time_max_ms is 1000") != std::string::npos);
    CHECK(queue.expected_wait(3) == 3s);
}

TEST_CASE("the whole queue can be taken, in order") {
    auto queue = a_queue();
    for (const auto* key : {"a", "b"}) queue.add(keyed(key), now);
    CHECK(ids(queue.take_all()) == std::vector<std::string>{"a", "b"});
    CHECK(queue.size() == 0);
}
