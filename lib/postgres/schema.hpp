#pragma once

#include <penholder/error.hpp>

#include <string>

namespace penholder::postgres {

/// The version of schema `penholder` that this library reads and writes.
inline constexpr int schema_version = 4;

/// What `init_schema` found and left. `before` is 0 where there was no schema.
struct schema_report {
    int before = 0;
    int now = 0;
    /// Why the event triggers are missing that notice changes of the catalogue; empty where they are there. Without
    /// them every write takes a session.
    std::string unwatched{};

    friend bool operator==(const schema_report&, const schema_report&) = default;
};

/// Creates schema `penholder` or brings it up to `schema_version`, in one transaction; repeating it changes nothing.
/// With `lane_role` that role may afterwards execute the schema's functions, and has no right on its tables.
/// The event triggers are made, or made again, where the connecting role may: a superuser. It makes a schema that
/// belongs to a lesser role its own first, with all rows, because that role could take a superuser's rights by what
/// they run. Blocks; any thread. Errors: database_unreachable, schema_unknown (a newer version stands there;
/// untouched), invalid_argument (no such role), unauthorized (the connecting role may not do it), refused (a standby; a
/// lesser role's schema that holds other things than init makes).
result<schema_report> init_schema(const std::string& conninfo, const std::string& lane_role = {});

}  // namespace penholder::postgres
