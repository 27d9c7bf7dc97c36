#include "router_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::testing;

namespace {

const attempt& sent_in(const actions& all) {
    return std::get<apply>(all.back()).attempt;
}

}  // namespace

TEST_CASE("a write without an id gets the origin's next one") {
    bench on;
    on.routed.leader_here(term{1}, on.now);
    CHECK(sent_in(on.submit()).what.id().text() == "~n1.00000000000000aa.1");
    CHECK(sent_in(on.submit()).what.id().text() == "~n1.00000000000000aa.2");
    CHECK(sent_in(on.submit("key")).mark == origin_mark{});
}

TEST_CASE("the floor is the lowest sequence without an answer") {
    bench on;
    on.routed.leader_here(term{1}, on.now);
    for (int i = 0; i < 3; ++i) on.submit();
    on.reply(2, bench::committed());
    CHECK(sent_in(on.submit()).mark == origin_mark{1, {}});
    on.reply(1, bench::committed());
    CHECK(sent_in(on.submit()).mark == origin_mark{3, {}});
}

TEST_CASE("what was answered unknown is kept for ten minutes and may be asked for again") {
    bench on;
    on.routed.leader_here(term{1}, on.now);
    on.submit("", 100ms);
    on.pass(100ms);
    CHECK(text(on.pass(250ms)) == "answer 1 unknown outcome_unknown");
    const auto fresh = on.submit();
    CHECK(sent_in(fresh).mark == origin_mark{2, {1}});
    CHECK_FALSE(sent_in(fresh).again);
    on.reply(2, bench::committed());

    const auto again = on.submit("~n1.00000000000000aa.1");
    CHECK(sent_in(again).mark == origin_mark{3, {1}});
    CHECK(sent_in(again).again);
    CHECK(text(on.reply(3, bench::committed())) == "answer 3 committed");
    CHECK(sent_in(on.submit()).mark == origin_mark{3, {}});
    const auto forgotten = on.submit("~n1.00000000000000aa.1");
    CHECK(sent_in(forgotten).mark == origin_mark{});
    CHECK(sent_in(forgotten).again);
}

TEST_CASE("an unknown one that is asked for again and refused stays unknown") {
    bench on;
    on.routed.leader_here(term{1}, on.now);
    on.submit("", 100ms);
    on.pass(350ms);
    on.routed.leader_unknown(on.now);
    on.submit("~n1.00000000000000aa.1", 100ms);
    CHECK(text(on.pass(100ms)) == "answer 2 rejected no_leader");
    on.routed.leader_here(term{2}, on.now);
    CHECK(sent_in(on.submit()).mark == origin_mark{2, {1}});
}

TEST_CASE("an unknown one is forgotten after its time") {
    origin_sequences all{10min};
    const std::chrono::steady_clock::time_point start{1h};
    const auto first = all.next();
    all.unknown(first, start);
    CHECK(all.mark(start + 10min).kept == std::vector<std::uint64_t>{1});
    CHECK(all.mark(start + 10min + 1ms).kept.empty());
    CHECK_FALSE(all.reopen(first, start + 11min));
}

TEST_CASE("only the most recent 64 unknown ones are kept") {
    origin_sequences all{10min};
    std::chrono::steady_clock::time_point now{1h};
    for (int i = 0; i < 70; ++i) all.unknown(all.next(), now += 1ms);
    const auto mark = all.mark(now);
    CHECK(mark.floor == 71);
    CHECK(mark.kept.size() == 64);
    CHECK(mark.kept.front() == 7);
}

TEST_CASE("one write that waits long does not make the ledger keep all that came after it") {
    origin_sequences all{10min};
    const std::chrono::steady_clock::time_point now{1h};
    const auto slow = all.next();
    for (int i = 0; i < 5000; ++i) all.settled(all.next());
    const auto mark = all.mark(now);
    CHECK(mark.floor > 3000);
    CHECK(mark.kept == std::vector<std::uint64_t>{slow});
    all.settled(slow);
    CHECK(all.mark(now).kept.empty());
}

TEST_CASE("an id of this origin that was never given is refused") {
    bench on;
    CHECK(text(on.submit("~n1.00000000000000aa.9")) == "answer 1 rejected malformed_write");
}

TEST_CASE("an id that another node gave may be asked for here") {
    bench on;
    on.routed.leader_here(term{1}, on.now);
    CHECK(sent_in(on.submit("~n9.00000000000000bb.4")).mark == origin_mark{});
}
