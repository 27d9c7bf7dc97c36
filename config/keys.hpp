#pragma once

#include "configuration.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

namespace penholder::config {

/// Where keys put their values: the whole, and the one group whose table is being read.
struct place {
    configuration& all;
    group_options& group;
};

/// A value's home; its type is the type that the file must give.
using slot = std::variant<std::string*, int*, std::size_t*, bool*>;

/// What a key asks for beyond its type.
enum class demand : std::uint8_t {
    none,
    required,
    secret,  ///< Can be given as `<name>_file` too.
    choice,  ///< One of `choices`.
};

/// One key that the file may have. The table of keys drives the reading, the checks and the test of the documented
/// file.
struct key {
    std::string_view table;
    std::string_view name;
    slot (*at)(place);
    std::int64_t least = 0;
    std::int64_t most = 0;
    demand needs = demand::none;
    std::string_view choices = {};  ///< Separated by '|'.
};

/// Every key, table by table.
std::span<const key> keys() noexcept;

/// Every name that a table may have, `<secret>_file` included.
std::vector<std::string> names_in(std::string_view table);

/// The tables, in the order of the documented file.
const std::vector<std::string_view>& tables();

}  // namespace penholder::config
