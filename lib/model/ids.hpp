#pragma once

#include <penholder/error.hpp>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace penholder {

/// The fencing token: strictly increasing, one owner each.
struct term {
    std::uint64_t value = 0;
    auto operator<=>(const term&) const = default;
};

/// Which of a node's lives this is: 64 random bits, 16 hexadecimal digits.
struct incarnation {
    std::uint64_t value = 0;
    auto operator<=>(const incarnation&) const = default;
    static incarnation random();
    std::string text() const;
};

/// What an origin says about its own sequence numbers with every write, so that the ledger keeps no answer for longer
/// than somebody can ask for it: every sequence below `floor` has been answered for good, except those in `kept`, whose
/// outcome the origin could only call unknown and which may therefore be asked for again. `kept` is sorted.
struct origin_mark {
    std::uint64_t floor = 1;
    std::vector<std::uint64_t> kept;
    friend bool operator==(const origin_mark&, const origin_mark&) = default;
};

std::string make_origin(std::string_view node, incarnation life);

/// What names of nodes and groups are made of: letters, digits, '.', '_' and '-'.
bool is_name_character(char c) noexcept;

/// Names of nodes and groups: letters, digits, '.', '_' and '-', 1 to 64 bytes, not "." or "..".
result<> check_name(std::string_view what, std::string_view name);

}  // namespace penholder
