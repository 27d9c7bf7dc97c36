// What the ledger costs the leader for each batch of writes without keys.
#include "lane/batch.hpp"
#include "ledger/origin_ledger.hpp"
#include "sql/screening.hpp"
#include "write/write_check.hpp"

#include <benchmark/benchmark.h>

namespace penholder::bench {
namespace {
using namespace penholder::lane;

const std::string origin = "orders-1.00000000000000aa";
const auto now = std::chrono::steady_clock::now();

void keep_answers(benchmark::State& state) {
    const auto batch_writes = static_cast<std::uint64_t>(state.range(0));
    const std::string receipt = "\x18\x07\x22\x02\x08\x01";
    ledger::origin_ledger ledger;
    std::uint64_t sequence = 0;
    for (auto _ : state) {
        ledger.absorb({sequence + 1, {}});
        for (std::uint64_t i = 0; i < batch_writes; ++i) ledger.add(++sequence, receipt);
        benchmark::DoNotOptimize(ledger.bytes());
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(sequence));
}

reply answer_to(const command& sent) {
    reply made{.what = reply::kind::done, .tag = "UPDATE 1", .result = {}, .sqlstate = {}, .message = {}};
    made.result.rows_affected = 1;
    if (sent.sql == "COMMIT") made.tag = "COMMIT";
    if (sent.sql.starts_with("SELECT pg_catalog.pg_current_wal_lsn")) made.result.rows = {{"0/10"}};
    return made;
}

std::vector<reply> answers_to(const lane::round& sent) {
    std::vector<reply> replies;
    for (const auto& one : sent) replies.push_back(answer_to(one));
    return replies;
}

std::vector<queued_write> some_writes(std::int64_t count, std::uint64_t& sequence) {
    auto what = std::make_shared<write>();
    what->add("UPDATE stock SET qty = qty - $1 WHERE id = $2", 1, 42);
    std::vector<queued_write> all;
    static write_check check(std::size_t{1} << 20U);
    const auto floor = sequence + 1;
    for (std::int64_t i = 0; i < count; ++i) {
        auto checked = check.check(origin_write_id(origin, ++sequence), what);
        all.push_back(
            {.taken = {ticket{sequence}, std::move(*checked), {floor, {}}, now + std::chrono::seconds(5), false}});
    }
    return all;
}

void run_batch(benchmark::State& state) {
    const batch_settings settings{.group = "orders",
                                  .held = {7},
                                  .slot = {},
                                  .catalogue = {1},
                                  .key_retention_s = 3600,
                                  .origin_retention_s = 3600,
                                  .max_receipt_bytes = std::size_t{8} << 20U};
    origin_cache origins{{origin, ledger::origin_ledger{}}};
    std::uint64_t sequence = 0;
    for (auto _ : state) {
        batch one(settings, some_writes(state.range(0), sequence), origins);
        auto sent = std::optional(one.begin(now));
        while (sent) sent = one.on_replies(answers_to(*sent), now);
        benchmark::DoNotOptimize(one.answer(0));
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(sequence));
}

void screen_a_statement(benchmark::State& state) {
    for (auto _ : state)
        benchmark::DoNotOptimize(sql::screen_statement("UPDATE stock SET qty = qty - $1 WHERE id = $2"));
}

void check_a_write(benchmark::State& state) {
    const auto what = std::make_shared<write>();
    what->add("UPDATE stock SET qty = qty - $1 WHERE id = $2", 1, 42);
    const origin_write_id id(origin, 42);
    write_check check(std::size_t{1} << 20U);
    for (auto _ : state) benchmark::DoNotOptimize(check.check(id, what));
}

BENCHMARK(keep_answers)->Arg(1)->Arg(64)->Arg(128);
BENCHMARK(run_batch)->Arg(1)->Arg(64)->Arg(128);
BENCHMARK(screen_a_statement);
BENCHMARK(check_a_write);

}  // namespace
}  // namespace penholder::bench
