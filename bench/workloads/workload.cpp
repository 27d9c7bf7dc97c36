#include "workload.hpp"

#include <fmt/core.h>

namespace penholder::bench {

std::vector<workload_pointer> all_workloads() {
    using enum not_plain_by;
    return {hot_row(),
            hot_row_with_failures(),
            stock_and_orders(),
            plain_inserts(),
            transfers(),
            large_rows(),
            stamped_hot_row(false),
            stamped_hot_row(true),
            stamped_inserts(),
            not_plain(hot_row(), system_column, 10),
            not_plain(hot_row(), own_setting, 10),
            not_plain(plain_inserts(), system_column, 1),
            in_literals(stock_and_orders()),
            beside_a_slow_write(),
            beside_a_waiting_write(),
            beside_a_failing_write(),
            beside_a_raising_write()};
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
