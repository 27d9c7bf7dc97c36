#pragma once

#include <penholder/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace penholder::postgres {

/// The version of schema `penholder` that this library reads and writes.
inline constexpr int schema_version = 1;

/// What `init_schema` found and left. `before` is 0 where there was no schema.
struct schema_report {
    int before = 0;
    int now = 0;

    friend bool operator==(const schema_report&, const schema_report&) = default;
};

/// Creates schema `penholder` or brings it up to `schema_version`, in one transaction; repeating it changes nothing.
/// With `lane_role` that role may afterwards execute the schema's functions, and has no right on its tables.
/// Blocks; any thread. Errors: database_unreachable, schema_unknown (a newer version stands there; untouched),
/// invalid_argument (no such role), unauthorized (the connecting role may not do it), refused (a standby).
result<schema_report> init_schema(const std::string& conninfo, const std::string& lane_role = {});

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
