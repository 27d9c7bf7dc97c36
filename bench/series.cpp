#include "series.hpp"

#include "contenders/contender.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <iterator>

namespace penholder::bench {
namespace {

constexpr double fewest_offered = 100;

const std::vector<std::string> everybody{
    "direct",         "PgBouncer", "advisory lock",     "SELECT FOR UPDATE",    "Redis lock",
    "ZooKeeper lock", "limit",     "Penholder, leader", "Penholder, followers", "Penholder, HTTP"};
const std::vector<std::string> transactional{"direct",         "direct, pipelined", "PgBouncer",
                                             "advisory lock",  "SELECT FOR UPDATE", "idempotency table",
                                             "limit",          "Penholder, leader", "Penholder, followers",
                                             "Penholder, HTTP"};

point closed(workload_pointer what, std::size_t writers, bool keyed = false) {
    return {std::move(what), {.writers = writers, .keyed = keyed}};
}

point quickly(point what) {
    what.quick = true;
    return what;
}

point offered(double rate) {
    return {hot_row(), {.writers = 256, .rate = rate}};
}

point delayed(point what, int ms) {
    what.commit_delay = std::chrono::milliseconds(ms);
    return what;
}

series slow_disk(int ms) {
    return {fmt::format("commit-{}-ms", ms),
            fmt::format("Commits that take {} ms longer: a cloud disk, or a synchronous replica in another zone", ms),
            everybody,
            {quickly(delayed(closed(hot_row(), 64), ms)), delayed(closed(plain_inserts(), 64), ms)}};
}

/// Which way to the database the writes take, and what they do to each other on it.
std::vector<series> series_of_ways() {
    using enum not_plain_by;
    return {
        {"stamped",
         "The time of the change in the row: by a trigger, and by a default",
         {"direct", "PgBouncer", "SELECT FOR UPDATE", "limit", "Penholder, leader", "Penholder, followers",
          "Penholder, HTTP"},
         {quickly(closed(stamped_hot_row(false), 64)), quickly(closed(stamped_hot_row(true), 64)),
          quickly(closed(stamped_inserts(), 64))}},
        {"partly-plain",
         "Every tenth write is not plain",
         {"direct", "PgBouncer", "Penholder, leader", "Penholder, followers", "Penholder, HTTP"},
         {closed(hot_row(), 64), quickly(closed(not_plain(hot_row(), system_column, 10), 64)),
          closed(not_plain(hot_row(), own_setting, 10), 64), closed(plain_inserts(), 64),
          quickly(closed(not_plain(plain_inserts(), system_column, 10), 64)),
          closed(not_plain(plain_inserts(), own_setting, 10), 64)}},
        {"not-plain",
         "No write is plain",
         {"direct", "PgBouncer", "idempotency table", "Penholder, leader", "Penholder, followers", "Penholder, HTTP"},
         {closed(not_plain(hot_row(), system_column, 1), 1),
          quickly(closed(not_plain(hot_row(), system_column, 1), 64)), closed(not_plain(hot_row(), own_setting, 1), 64),
          closed(not_plain(plain_inserts(), system_column, 1), 64),
          quickly(closed(not_plain(plain_inserts(), system_column, 1), 64, true))}},
        {"literals",
         "Values in the statements' texts",
         {"direct", "PgBouncer", "Penholder, leader", "Penholder, followers", "Penholder, HTTP"},
         {quickly(closed(plain_inserts(), 64)), quickly(closed(in_literals(plain_inserts()), 64)),
          closed(stock_and_orders(), 64), closed(in_literals(stock_and_orders()), 64)}},
        {"neighbour",
         "Inserts, and somebody else who is always there",
         {"Penholder, leader", "Penholder, followers"},
         {quickly(closed(plain_inserts(), 64)), quickly(closed(beside_a_slow_write(), 64)),
          quickly(closed(beside_a_waiting_write(), 64)), quickly(closed(beside_a_failing_write(), 64)),
          quickly(closed(beside_a_raising_write(), 64))}},
    };
}

contender_pointer make(const std::string& name, servers& on) {
    const auto found = std::ranges::find(all_contenders(), name, &contender_kind::name);
    return found->make(on);
}

turn take_turn(contender& who, const point& where, const load_shape& shape, servers& on) {
    where.what->prepare(on.database());
    on.database().exec("CHECKPOINT");
    course all(where.what, shape);
    const auto held = where.what->hold(on.database());
    who.run(all);
    auto came = all.end();
    if (came.problem.empty()) came.problem = where.what->problem(on.database(), came.told);
    return came;
}

void find_rate(point& where, const effort& how, std::vector<contender_pointer>& contenders, servers& on) {
    if (where.share_of_limit == 0) return;
    const auto who = std::ranges::find(contenders, "Penholder, followers", [](const auto& one) { return one->name(); });
    if (who == contenders.end())
        throw std::invalid_argument("its rate is a share of what 'Penholder, followers' can do");
    const load_shape flat_out{.writers = 64, .length = how.length};
    const auto most = take_turn(**who, where, flat_out, on).writes_per_second;
    where.shape.rate = std::max(fewest_offered, most * where.share_of_limit);
}

bool takes_part(const contender& who, const point& where) {
    return who.fits(*where.what, where.shape) && (who.takes_neighbours() || !where.what->beside());
}

point_result measure(point where, const effort& how, std::vector<contender_pointer>& contenders, servers& on) {
    where.shape.length = how.length;
    find_rate(where, how, contenders, on);
    point_result found{where, {}};
    for (auto& one : contenders) {
        if (takes_part(*one, where)) found.cells.push_back({one->name(), {}, {}});
    }
    for (int round = 0; round < how.rounds; ++round) {
        for (auto& into : found.cells) {
            const auto who = std::ranges::find(contenders, into.contender, [](const auto& one) { return one->name(); });
            std::fprintf(stderr, "%s, round %d of %d: %s\n", where.title().c_str(), round + 1, how.rounds,
                         into.contender.c_str());
            into.rounds.push_back(take_turn(**who, where, where.shape, on));
            into.observed = (*who)->observed();
        }
    }
    return found;
}

}  // namespace

std::vector<series> all_series() {
    std::vector<series> all{
        {"hot-row",
         "One hot row",
         everybody,
         {quickly(closed(hot_row(), 1)), closed(hot_row(), 8), quickly(closed(hot_row(), 64)), closed(hot_row(), 256)}},
        {"hot-row-keyed",
         "One hot row, each write with an application's own key",
         {"idempotency table", "Penholder, leader", "Penholder, followers", "Penholder, HTTP"},
         {closed(hot_row(), 8, true), quickly(closed(hot_row(), 64, true)), closed(hot_row(), 256, true)}},
        {"orders",
         "Stock of 100 items, Zipf, and an order row, in one transaction",
         transactional,
         {quickly(closed(stock_and_orders(), 64)), closed(stock_and_orders(), 64, true)}},
        {"inserts",
         "Plain inserts",
         transactional,
         {quickly(closed(plain_inserts(), 64)), quickly(closed(plain_inserts(), 64, true))}},
        {"transfers",
         "Bank transfers between 1000 accounts",
         transactional,
         {closed(transfers(), 64), closed(transfers(), 64, true)}},
        {"large-rows", "Rows of 10 KiB", transactional, {closed(large_rows(), 64)}},
        {"failures",
         "Every hundredth write fails",
         {"direct", "Penholder, leader", "Penholder, followers"},
         {quickly(closed(hot_row(), 64)), quickly(closed(hot_row_with_failures(), 64))}},
        slow_disk(2),
        slow_disk(10),
        {"offered",
         "A hot row at fixed rates",
         {"direct", "PgBouncer", "advisory lock", "Redis lock", "ZooKeeper lock", "Penholder, leader",
          "Penholder, followers", "Penholder, HTTP"},
         {offered(500), offered(1500), offered(3000)}},
        {"links",
         "What TLS costs: followers' links by a secret, and in plain text",
         {"Penholder, followers", "Penholder, plain links"},
         {quickly(closed(hot_row(), 64))}},
        {"half-load",
         "What a follower adds, at half of what the followers can do",
         {"Penholder, leader", "Penholder, followers"},
         {{hot_row(), {.writers = 64}, {}, 0.5, true}}},
    };
    std::ranges::move(series_of_ways(), std::back_inserter(all));
    return all;
}

series everything_once() {
    series all{"everything", "Every contender with every workload", {}, {}};
    for (const auto& one : all_contenders()) all.contenders.push_back(one.name);
    for (const auto& what : all_workloads()) {
        all.points.push_back(closed(what, 4));
        all.points.push_back(closed(what, 4, true));
    }
    all.points.push_back({hot_row(), {.writers = 4, .rate = 200}});
    return all;
}

series_result run(const series& what, const effort& how) {
    auto wanted = what.points;
    if (how.quick) std::erase_if(wanted, [](const point& one) { return !one.quick; });
    if (wanted.empty()) return {what.name, what.title, 0, {}};
    servers on(wanted.front().commit_delay);
    series_result found{what.name, what.title, on.commit_us(), {}};
    std::vector<contender_pointer> contenders;
    for (const auto& name : what.contenders) {
        const bool takes_part =
            how.contenders.empty() || std::ranges::find(how.contenders, name) != how.contenders.end();
        if (takes_part) contenders.push_back(make(name, on));
    }
    for (const auto& one : wanted) found.points.push_back(measure(one, how, contenders, on));
    return found;
}

}  // namespace penholder::bench
