#pragma once

#include "raise_memory.hpp"

#include <penholder/options.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace penholder::postgres {

enum class severity { good, advice, warning, trouble };

std::string_view to_string(severity what) noexcept;

/// One line of a diagnosis: what was looked at, what was found, what to do about it (empty where nothing).
struct finding {
    postgres::severity severity = severity::good;
    std::string subject;
    std::string found;
    std::string advice;

    friend bool operator==(const finding&, const finding&) = default;
};

/// Looks at a group's database with the eyes of the lane's role: reachable, encrypted, primary, schema version, rights
/// on fence and ledger, durability, and whether what the group's options name is there. A database that cannot be
/// reached is a finding too. Blocks; any thread.
std::vector<finding> diagnose(const group_options& group, const known_raise& known = {});
std::vector<finding> diagnose(const std::string& conninfo);

/// Whether the functions and columns that the group's options name are in its database: a finding for each option that
/// names one that is not, or cannot be looked for. Asks nobody where they name none. Blocks; any thread.
std::vector<finding> diagnose_names(const group_options& group);

}  // namespace penholder::postgres
