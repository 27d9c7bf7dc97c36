#pragma once

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

/// Looks at a database with the eyes of the lane's role: reachable, primary, schema version, rights on fence and
/// ledger, durability. A database that cannot be reached is a finding too. Blocks; any thread.
std::vector<finding> diagnose(const std::string& conninfo, int connect_timeout_ms = 3000);

}  // namespace penholder::postgres
