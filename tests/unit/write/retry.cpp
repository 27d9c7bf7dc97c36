#include "write/retry.hpp"

#include "write/write_check.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace std::chrono_literals;

namespace penholder::testing {
namespace {

using kind = next_step::kind;

pending_write some_write() {
    auto what = std::make_shared<write>("order-1");
    what->add("UPDATE t SET v = v + 1");
    write_check check(1000);
    return {.from = ticket{1},
            .what = *check.check(what->id(), what),
            .sequence = {},
            .deadline = {},
            .tries = 1,
            .due = {}};
}

kind after(const pending_write& one, const write_answer& answer) {
    return after_attempt(one, answer, {}).what;
}

write_answer undecided_because(write_verdict verdict, errc why) {
    return undecided(verdict, {why, "so it says"});
}

}  // namespace

TEST_CASE("a decided write is settled") {
    CHECK(after(some_write(), decided({})) == kind::settle);
}

TEST_CASE("whatever another leader or link may mend is tried again") {
    for (const auto why : {errc::not_leader, errc::no_leader, errc::fenced, errc::shutting_down,
                           errc::database_unreachable, errc::ensemble_unreachable, errc::link_lost}) {
        CHECK(after(some_write(), handed_back(why, "")) == kind::retry);
    }
}

TEST_CASE("a full queue turns away only those who have not waited yet") {
    auto one = some_write();
    CHECK(after(one, handed_back(errc::overloaded, "")) == kind::reject);
    one.held = true;
    CHECK(after(one, handed_back(errc::overloaded, "")) == kind::retry);
    one.held = false;
    one.in_doubt = true;
    CHECK(after(one, handed_back(errc::overloaded, "")) == kind::retry);
}

TEST_CASE("what can never succeed is rejected, unless an earlier attempt may have") {
    auto one = some_write();
    CHECK(after(one, handed_back(errc::malformed_write, "")) == kind::reject);
    one.in_doubt = true;
    CHECK(after(one, handed_back(errc::malformed_write, "")) == kind::doubt);
}

TEST_CASE("the same write under way is unknown, and asked for again where it is our own doubt") {
    auto one = some_write();
    CHECK(after(one, undecided_because(write_verdict::in_flight, errc::in_flight)) == kind::unknown);
    one.in_doubt = true;
    CHECK(after(one, undecided_because(write_verdict::in_flight, errc::in_flight)) == kind::retry);
}

TEST_CASE("a doubt is asked about again, but not where the ledger has forgotten") {
    CHECK(after(some_write(), undecided_because(write_verdict::in_doubt, errc::outcome_unknown)) == kind::retry);
    CHECK(after(some_write(), undecided_because(write_verdict::in_doubt, errc::receipt_expired)) == kind::unknown);
}

TEST_CASE("the wait doubles with each try, up to the longest") {
    router_options settings;
    settings.first_retry = 10ms;
    settings.longest_retry = 250ms;
    const auto wait_after = [&](int tries) {
        auto one = some_write();
        one.tries = tries;
        return after_attempt(one, handed_back(errc::not_leader, ""), settings).delay;
    };
    CHECK(wait_after(1) == 10ms);
    CHECK(wait_after(2) == 20ms);
    CHECK(wait_after(5) == 160ms);
    CHECK(wait_after(6) == 250ms);
    CHECK(wait_after(100) == 250ms);
}

}  // namespace penholder::testing
