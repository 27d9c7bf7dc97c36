#include "lane/ledger_check.hpp"

#include "lane_fixture.hpp"
#include "ledger/receipt_bytes.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::lane;
using namespace penholder::lane::testing;
namespace stored = penholder::ledger;

namespace {

batch_writes of(std::vector<queued_write> all) {
    return batch_writes(std::move(all));
}

std::string receipt_of(const std::string& id, outcome what = outcome::committed) {
    receipt made{id, what, 3, 0, false, {}, {}};
    if (what == outcome::rejected) made.why = reason{errc::statement_failed, "no", "23505", 0};
    return stored::to_bytes(made);
}

reply found(std::vector<std::vector<std::optional<std::string>>> rows) {
    auto made = done("SELECT");
    made.result.rows = std::move(rows);
    return made;
}

batch_writes a_given_and_a_keyed() {
    std::vector<queued_write> all;
    all.push_back(given(1));
    all.push_back(keyed("k"));
    return of(std::move(all));
}

}  // namespace

TEST_CASE("keys are always looked up, origins only where the cache does not know them") {
    origin_cache cache;
    ledger_check check(cache);
    std::vector<queued_write> one;
    one.push_back(given(1));
    const auto all = of(std::move(one));
    CHECK(check.needs_look_up(all));
    cache.emplace(origin, stored::origin_ledger());
    CHECK_FALSE(check.needs_look_up(all));
    CHECK(check.needs_look_up(a_given_and_a_keyed()));
}

TEST_CASE("a key that the ledger knows is answered with its first receipt") {
    origin_cache cache;
    ledger_check check(cache);
    auto all = a_given_and_a_keyed();
    check.absorb(found({{"k", "k", "print of " + plain_sql, receipt_of("k")}}));
    check.settle_known(settings, all);
    REQUIRE(all.of(1).answer.has_value());
    CHECK(all.of(1).answer->receipt.replayed);
    CHECK(all.of(1).answer->receipt.term == 3);
    CHECK(all.is_waiting(0));
}

TEST_CASE("a key that was used for another write is refused, and nothing is recorded for it") {
    origin_cache cache;
    ledger_check check(cache);
    std::vector<queued_write> one;
    one.push_back(keyed("k"));
    auto all = of(std::move(one));
    check.absorb(found({{"k", "k", "another print", receipt_of("k")}}));
    check.settle_known(settings, all);
    REQUIRE(all.of(0).answer.has_value());
    CHECK(all.of(0).answer->receipt.why->code == errc::key_reused);
    CHECK_FALSE(check.record(settings, all).has_value());
}

TEST_CASE("an origin's sequence number is answered, or expired, or fresh") {
    stored::origin_ledger known;
    known.absorb({5, {2}});
    known.add(2, receipt_of("x", outcome::rejected));
    origin_cache cache;
    ledger_check check(cache);
    std::vector<queued_write> some;
    for (const std::uint64_t sequence : {1, 2, 6}) some.push_back(given(sequence));
    auto all = of(std::move(some));
    check.absorb(found({{"o", origin, std::nullopt, known.bytes()}}));
    check.settle_known(settings, all);
    CHECK(all.of(0).answer->why == errc::receipt_expired);
    CHECK(all.of(1).answer->receipt.why->sqlstate == "23505");
    CHECK(all.of(1).answer->receipt.write_id == "~" + origin + ".2");
    CHECK(all.is_waiting(2));
}

TEST_CASE("an answer that cannot be read is no answer: the outcome is unknown") {
    origin_cache cache;
    ledger_check check(cache);
    std::vector<queued_write> one;
    one.push_back(keyed("k"));
    auto all = of(std::move(one));
    check.absorb(found({{"k", "k", "print of " + plain_sql, std::string("\xff\xff garbage")}}));
    check.settle_known(settings, all);
    CHECK(all.of(0).answer->verdict == write_verdict::in_doubt);
    CHECK(all.of(0).answer->why == errc::outcome_unknown);
}

TEST_CASE("the cache learns what was recorded when it is committed, and not before") {
    origin_cache cache;
    ledger_check check(cache);
    auto all = a_given_and_a_keyed();
    check.settle_known(settings, all);
    all.mark_executed();
    const auto sent = check.record(settings, all);
    REQUIRE(sent.has_value());
    CHECK(sent->sql.starts_with("SELECT penholder.record("));
    CHECK(sent->binary);
    using state = stored::origin_ledger::state;
    CHECK(cache.find(origin)->second.look_up(1, {}) == state::fresh);
    check.on_committed();
    CHECK(cache.find(origin)->second.look_up(1, {}) == state::answered);
}

TEST_CASE("a node's id whose earlier attempt may be decided is looked for among the keys too, a first one is not") {
    origin_cache cache{{origin, stored::origin_ledger()}};
    ledger_check check(cache);
    std::vector<queued_write> two;
    two.push_back(given(1));
    two.push_back(given(2));
    two.back().taken.again = true;
    auto all = of(std::move(two));
    CHECK(check.needs_look_up(all));
    const auto asked = check.look_up(settings, all);
    CHECK(asked.params.at(1)->find("~" + origin + ".2") != std::string::npos);
    CHECK(asked.params.at(1)->find("~" + origin + ".1") == std::string::npos);
    check.absorb(found({{"k", "~" + origin + ".2", "", receipt_of("x", outcome::rejected)}}));
    check.settle_known(settings, all);
    CHECK(all.is_waiting(0));
    REQUIRE(all.of(1).answer.has_value());
    CHECK(all.of(1).answer->receipt.why->sqlstate == "23505");
}

TEST_CASE("an id that was decided by a session is answered so, although its origin's floor has passed it") {
    stored::origin_ledger known;
    known.absorb({5, {}});
    origin_cache cache{{origin, known}};
    ledger_check check(cache);
    std::vector<queued_write> one;
    one.push_back(given(2));
    one.back().taken.again = true;
    auto all = of(std::move(one));
    check.absorb(found({{"k", "~" + origin + ".2", "", receipt_of("x")}}));
    check.settle_known(settings, all);
    REQUIRE(all.of(0).answer.has_value());
    CHECK(all.of(0).answer->receipt.outcome == outcome::committed);
}

TEST_CASE("a session records every id as a row of its own, and asks only where it may be decided") {
    origin_cache cache;
    ledger_check check(cache, ledger_check::by::session);
    std::vector<queued_write> one;
    one.push_back(given(1));
    auto all = of(std::move(one));
    CHECK_FALSE(check.needs_look_up(all));
    all.mark_executed();
    const auto sent = check.record(settings, all);
    REQUIRE(sent.has_value());
    CHECK(sent->params.at(2)->find("~" + origin + ".1") != std::string::npos);  // The keys.
    CHECK(sent->params.at(5)->find(origin) == std::string::npos);               // The origins.

    std::vector<queued_write> retried;
    retried.push_back(given(1));
    retried.back().taken.again = true;
    const auto again = of(std::move(retried));
    ledger_check second(cache, ledger_check::by::session);
    CHECK(second.needs_look_up(again));
    const auto asked = second.look_up(settings, again);
    CHECK(asked.params.at(1)->find("~" + origin + ".1") != std::string::npos);
    CHECK(asked.params.at(2)->find(origin) != std::string::npos);
}
