#include "workload.hpp"

#include <fmt/core.h>

namespace penholder::bench {

std::vector<workload_pointer> all_workloads() {
    return {hot_row(), hot_row_with_failures(), stock_and_orders(), plain_inserts(), transfers(), large_rows()};
}

std::string compare(std::string_view what, std::int64_t found, const answers& told) {
    if (found >= told.committed && found <= told.committed + told.unknown) return {};
    return fmt::format("{} {}, acknowledged {}, unknown {}", found, what, told.committed, told.unknown);
}

std::string find_twice(const bench_database& where, const std::string& table) {
    const auto twice =
        where.number("SELECT count(*) FROM (SELECT FROM " + table + " GROUP BY writer, number HAVING count(*) > 1) t");
    return twice > 0 ? fmt::format("{} writes have two rows in {}", twice, table) : std::string();
}

}  // namespace penholder::bench
