#pragma once

#include <penholder/options.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace penholder {

/// Where an option's value is kept; the type is the one that the configuration file must give.
using option_slot = std::variant<std::string*, int*, std::size_t*, bool*, std::vector<std::string>*>;

/// What an option asks for beyond its type.
enum class demand : std::uint8_t {
    none,
    required,
    secret,       ///< Is never shown; the configuration file can name a file that holds it.
    kept_secret,  ///< Is never shown; another option names the file that may hold it.
    choice,       ///< One of `choices`.
};

/// One option of a node: its name, its place and what it may be. The one table of them is what the library checks a
/// program's options by, and what the daemon reads its configuration file by.
struct option {
    std::string_view table;  ///< As the configuration file groups them: node, zookeeper, link, group.
    std::string_view name;
    option_slot (*at)(options& all, group_options& group);
    std::int64_t least = 0;  ///< For numbers, with `most`.
    std::int64_t most = 0;
    demand needs = demand::none;
    std::string_view choices = {};  ///< Separated by '|'.
};

std::span<const option> option_table() noexcept;

/// What is wrong with a value, in words; nothing where it is in range or one of the choices.
std::optional<std::string> range_problem(std::string_view table, std::string_view name, std::int64_t value,
                                         std::int64_t least, std::int64_t most);
std::optional<std::string> choice_problem(std::string_view table, std::string_view name, std::string_view value,
                                          std::string_view choices);

}  // namespace penholder
