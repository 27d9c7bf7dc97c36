#include "goals.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <initializer_list>

namespace penholder::bench {
namespace {

using maybe = std::optional<double>;

constexpr auto followers = "Penholder, followers";
constexpr auto leader = "Penholder, leader";

/// Finds cells by what they are about.
class lookup {
public:
    explicit lookup(const results& all) : all_(all) {}

    const cell* find(std::string_view series, std::string_view workload, std::size_t writers, bool keyed,
                     std::string_view contender) const {
        for (const auto& one : all_.series) {
            if (one.name != series) continue;
            for (const auto& at : one.points) {
                const bool same = at.where.what->name() == workload && at.where.shape.writers == writers &&
                                  at.where.shape.keyed == keyed;
                const auto found = std::ranges::find(at.cells, contender, &cell::contender);
                if (same && found != at.cells.end()) return &*found;
            }
        }
        return nullptr;
    }

    maybe rate(std::string_view series, std::string_view workload, std::size_t writers, std::string_view contender,
               bool keyed = false) const {
        const auto* found = find(series, workload, writers, keyed, contender);
        return found != nullptr && found->rate() > 0 ? maybe(found->rate()) : std::nullopt;
    }

    maybe best(std::string_view series, std::string_view workload, std::size_t writers,
               std::initializer_list<std::string_view> contenders) const {
        maybe best;
        for (const auto one : contenders) best = std::max(best, rate(series, workload, writers, one));
        return best;
    }

    maybe latency(std::string_view series, std::size_t writers, std::string_view contender, double q) const {
        const auto* found = find(series, "hot row", writers, false, contender);
        return found != nullptr && found->rate() > 0 ? maybe(found->latency().quantile_us(q)) : std::nullopt;
    }

    maybe figure(std::string_view name) const { return all_.value(name); }

private:
    const results& all_;
};

maybe ratio(maybe of, maybe to) {
    return of && to ? maybe(*of / *to) : std::nullopt;
}

maybe difference(maybe of, maybe less) {
    return of && less ? maybe(*of - *less) : std::nullopt;
}

goal at_least(std::string what, double wanted, maybe measured, std::string unit = "×") {
    return {std::move(what), fmt::format("≥ {:g}{}", wanted, unit), measured, unit, measured && *measured >= wanted};
}

goal at_most(std::string what, double wanted, maybe measured, std::string unit = "×") {
    return {std::move(what), fmt::format("≤ {:g}{}", wanted, unit), measured, unit, measured && *measured <= wanted};
}

std::vector<goal> of_throughput(const lookup& in) {
    const auto hot = [&](std::size_t writers, std::string_view who) {
        return in.rate("hot-row", "hot row", writers, who);
    };
    const auto locks =
        in.best("hot-row", "hot row", 64, {"advisory lock", "SELECT FOR UPDATE", "Redis lock", "ZooKeeper lock"});
    const auto inserts = [&](std::string_view who, bool keyed) {
        return in.rate("inserts", "plain inserts", 64, who, keyed);
    };
    return {
        at_least("hot row, 64 writers, to the best lock", 25, ratio(hot(64, followers), locks)),
        at_least("hot row, 64 writers, to direct autocommit", 15, ratio(hot(64, followers), hot(64, "direct"))),
        at_least("hot row, 256 writers, to direct autocommit", 30, ratio(hot(256, followers), hot(256, "direct"))),
        at_least("hot row, 64 writers, keyed, to direct with an idempotency table", 10,
                 ratio(in.rate("hot-row-keyed", "hot row", 64, followers, true),
                       in.rate("hot-row-keyed", "hot row", 64, "idempotency table", true))),
        at_least("Zipf stock and order, 64 writers, to direct", 5,
                 ratio(in.rate("orders", "Zipf stock and order", 64, followers),
                       in.rate("orders", "Zipf stock and order", 64, "direct"))),
        at_least("plain inserts, 64 writers, keyed, to direct with an idempotency table", 1.5,
                 ratio(inserts(followers, true), inserts("idempotency table", true))),
        at_least("plain inserts, 64 writers, to direct", 1.2,
                 ratio(inserts(followers, false), inserts("direct", false))),
        at_least(
            "hot row, 64 writers, commits 2 ms longer, to direct", 50,
            ratio(in.rate("commit-2-ms", "hot row", 64, followers), in.rate("commit-2-ms", "hot row", 64, "direct"))),
        at_least("hot row, 64 writers, share of the limit", 0.6, ratio(hot(64, followers), hot(64, "limit"))),
        at_least("hot row, 256 writers, share of the limit", 0.6, ratio(hot(256, followers), hot(256, "limit"))),
        at_least("1 % failing, to none failing", 0.8,
                 ratio(in.rate("failures", "hot row, 1 % failing", 64, followers),
                       in.rate("failures", "hot row", 64, followers))),
        at_least("keyed writes while the ledger forgets, to none to forget", 97,
                 in.figure("sweeping: keyed writes, of those without"), " %"),
        at_least("hot row, 64 writers, links by TLS, to links in plain text", 0.85,
                 ratio(in.rate("links", "hot row", 64, followers),
                       in.rate("links", "hot row", 64, "Penholder, plain links"))),
        at_least("through the sidecar's HTTP, 64 writers", 25000, hot(64, "Penholder, HTTP"), " writes/s"),
    };
}

std::vector<goal> of_ways(const lookup& in) {
    const auto at_64 = [&](std::string_view series, std::string_view workload, std::string_view who,
                           bool keyed = false) { return in.rate(series, workload, 64, who, keyed); };
    const auto literals = [&](const std::string& workload) {
        return ratio(at_64("literals", workload + ", literals", followers), at_64("literals", workload, followers));
    };
    const auto beside = [&](std::string_view workload) {
        return ratio(at_64("neighbour", workload, followers), at_64("neighbour", "plain inserts", followers));
    };
    return {
        at_least("hot row, none plain, 64 writers, to direct autocommit", 1,
                 ratio(at_64("not-plain", "hot row, none plain", followers),
                       at_64("not-plain", "hot row, none plain", "direct"))),
        at_least("plain inserts, none plain, 64 writers, keyed, to direct with an idempotency table", 0.7,
                 ratio(at_64("not-plain", "plain inserts, none plain", followers, true),
                       at_64("not-plain", "plain inserts, none plain", "idempotency table", true))),
        at_least("plain inserts, literals, 64 writers, to parameters", 0.7, literals("plain inserts")),
        at_least("Zipf stock and order, literals, 64 writers, to parameters", 0.7, literals("Zipf stock and order")),
        at_least("inserts beside a slow write, 64 writers, to alone", 0.8, beside("inserts beside a slow write")),
        at_least("inserts beside a write that waits, 64 writers, to alone", 0.8,
                 beside("inserts beside a write that waits")),
        at_least("inserts beside a write that fails, 64 writers, to alone", 0.8,
                 beside("inserts beside a write that fails")),
        at_least("inserts beside a write that raises, 64 writers, to alone", 0.8,
                 beside("inserts beside a write that raises")),
    };
}

std::vector<goal> of_latency(const lookup& in) {
    const auto adds = [&](double q) {
        return difference(in.latency("half-load", 64, followers, q), in.latency("half-load", 64, leader, q));
    };
    return {
        at_most("one writer at the leader, median latency, to direct", 1.5,
                ratio(in.latency("hot-row", 1, leader, 0.5), in.latency("hot-row", 1, "direct", 0.5))),
        at_most("what a follower adds at half load, median", 100, adds(0.5), " µs"),
        at_most("what a follower adds at half load, p99", 300, adds(0.99), " µs"),
        at_most("overload: p99 of the accepted, to queue_time_max_ms", 1,
                in.figure("overload: p99 of the accepted / queue_time_max_ms")),
    };
}

std::vector<goal> of_footprint(const lookup& in) {
    return {
        at_least("link alone, both ends on one core", 200000, in.figure("link alone: writes on one core"), " writes/s"),
        at_most("1,000 groups on one node: sessions", 1, in.figure("1,000 groups: sessions"), ""),
        at_most("1,000 groups on one node: idle", 2, in.figure("1,000 groups: idle"), " % of a core"),
        at_most("1,000 groups on one node: memory", 100, in.figure("1,000 groups: resident"), " MiB"),
        at_most("memory of a node at full load", 100, in.figure("full load: resident of the largest node"), " MiB"),
    };
}

}  // namespace

std::vector<goal> judge(const results& found) {
    const lookup in(found);
    std::vector<goal> all = of_throughput(in);
    for (auto& part : {of_ways(in), of_latency(in), of_footprint(in)}) all.insert(all.end(), part.begin(), part.end());
    return all;
}

}  // namespace penholder::bench
