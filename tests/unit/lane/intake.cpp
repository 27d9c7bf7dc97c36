#include "lane/intake.hpp"

#include "lane_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::lane;
using namespace penholder::lane::testing;

namespace {

struct intake_bench {
    lane_outbox out;
    lane_counters counters;
    intake taken{out, counters};

    lane_actions actions() { return out.take(); }
    std::vector<lane_answer> answers() {
        for (auto& one : out.take()) {
            if (auto* told = std::get_if<action::answers>(&one)) return std::move(told->all);
        }
        return {};
    }
};

}  // namespace

TEST_CASE("an id and its room are held until the answer") {
    intake_bench on;
    auto one = keyed("a");
    on.taken.take(one);
    CHECK(on.taken.holds("a"));
    CHECK(on.taken.bytes() == one.bytes());
    on.taken.hand_back(one, errc::not_leader, "closed");
    CHECK_FALSE(on.taken.holds("a"));
    CHECK(on.taken.bytes() == 0);
    CHECK(on.taken.empty());
}

TEST_CASE("a write of which a COMMIT went unanswered is never handed back: its outcome is unknown") {
    intake_bench on;
    auto one = keyed("a");
    one.doubtful = true;
    on.taken.take(one);
    on.taken.hand_back(one, errc::not_leader, "closed");
    const auto answers = on.answers();
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].said.verdict == write_verdict::in_doubt);
    CHECK(answers[0].said.why == errc::outcome_unknown);
    CHECK(on.counters.in_doubt == 1);
    CHECK(on.taken.left_in_doubt(one));
}

TEST_CASE("what PostgreSQL raised last is told of an outcome that is unknown, too") {
    intake_bench on;
    auto one = keyed("a");
    one.doubtful = true;
    one.trouble = {"42501: permission denied for function look_up", "42501", purpose::look_up};
    on.taken.take(one);
    on.taken.hand_back_late({one}, {});
    const auto answers = on.answers();
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].said.why == errc::outcome_unknown);
    CHECK(answers[0].said.sqlstate == "42501");
    CHECK(answers[0].said.message.find("permission denied for function look_up") != std::string::npos);
}

TEST_CASE("a sweep that failed is told until one comes to its end") {
    intake_bench on;
    CHECK(on.taken.sweep_trouble().empty());
    on.taken.swept({"42501: permission denied for function sweep", "42501"});
    CHECK(on.taken.sweep_trouble() == "42501: permission denied for function sweep");
    on.taken.swept({});
    CHECK(on.taken.sweep_trouble().empty());
}

TEST_CASE("a doubt ends when a later attempt is decided") {
    intake_bench on;
    auto one = keyed("a");
    on.taken.take(one);
    on.taken.answer(one, undecided(write_verdict::in_doubt, {errc::outcome_unknown, ""}));
    CHECK(on.taken.left_in_doubt(one));
    on.taken.take(one);
    on.taken.answer(one, decided({"a", outcome::committed, 7, 1, false, {}, {}}));
    CHECK_FALSE(on.taken.left_in_doubt(one));
}

TEST_CASE("after too many doubts every retried id of a node's may be one of them, and no first attempt") {
    intake_bench on;
    for (std::uint64_t sequence = 1; sequence <= 4097; ++sequence) {
        auto one = given(sequence);
        on.taken.take(one);
        on.taken.answer(one, undecided(write_verdict::in_doubt, {errc::outcome_unknown, ""}));
    }
    auto retried = given(9000);
    CHECK_FALSE(on.taken.left_in_doubt(retried));
    retried.taken.again = true;
    CHECK(on.taken.left_in_doubt(retried));
}

TEST_CASE("the first decided write is told once") {
    intake_bench on;
    int told = 0;
    for (const auto* key : {"a", "b"}) {
        auto one = keyed(key);
        on.taken.take(one);
        on.taken.answer(one, decided({key, outcome::committed, 7, 1, false, {}, {}}));
        for (const auto& each : on.actions()) told += std::holds_alternative<action::first_commit>(each) ? 1 : 0;
    }
    CHECK(told == 1);
    CHECK(on.counters.committed == 2);
}

TEST_CASE("a write that is refused for overload is counted") {
    intake_bench on;
    on.taken.refuse(keyed("a").taken, write_verdict::handed_back, {errc::overloaded, "full"});
    CHECK(on.counters.overloaded == 1);
    CHECK(on.answers().size() == 1);
    CHECK_FALSE(on.taken.holds("a"));
}
