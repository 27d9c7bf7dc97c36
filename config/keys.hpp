#pragma once

#include "configuration.hpp"
#include "model/option_table.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace penholder::config {

/// Where keys put their values: the whole, and the one group whose table is being read.
struct place {
    configuration& all;
    group_options& group;
};

/// One key that the file may have: an option of the library, or one that only the daemon has. The table of keys drives
/// the reading and the test of the documented file.
struct key {
    std::string_view table;
    std::string_view name;
    option_slot (*of_daemon)(configuration& all);  ///< Null where `of_node` says where the value goes.
    std::int64_t least = 0;
    std::int64_t most = 0;
    demand needs = demand::none;
    std::string_view choices = {};  ///< Separated by '|'.
    option_slot (*of_node)(options& all, group_options& group) = nullptr;

    option_slot at(place to) const { return of_daemon ? of_daemon(to.all) : of_node(to.all.node, to.group); }
};

/// Every key, table by table.
std::span<const key> keys() noexcept;

/// Every name that a table may have, `<secret>_file` included.
std::vector<std::string> names_in(std::string_view table);

/// The tables, in the order of the documented file.
const std::vector<std::string_view>& tables();

}  // namespace penholder::config
