#pragma once

#include <penholder/error.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace penholder::postgres {

/// A libpq connection string (or URI) with `defaults` added where it says nothing itself. What is `pinned` holds
/// whatever it says; pinned `options` follow its own, so that the server takes both and ours last. Errors:
/// invalid_argument.
result<std::string> complete_conninfo(const std::string& conninfo, const std::map<std::string, std::string>& defaults,
                                      const std::map<std::string, std::string>& pinned = {});

/// Why libpq cannot read the connection string, or could not use it; nothing where it can. Of the string's own text it
/// repeats nothing but names of libpq's options: anything else may be a part of a password.
std::optional<std::string> conninfo_problem(const std::string& conninfo);

/// Where the connection string leads beyond this host without proof of whose the server is, that and what to write;
/// nothing where it does not, or cannot be read. Environment and defaults of libpq's count where it says nothing
/// itself; what only a service file says is not known.
std::optional<std::string> unproven_servers(const std::string& conninfo);

/// What libpq complains of, without the values in quotes that it repeats.
std::string without_values(std::string_view complaint);

/// The defaults of every connection that Penholder makes: only a primary will do, and silence ends in bounded time.
std::map<std::string, std::string> connection_defaults(int connect_timeout_ms, const std::string& application_name);

/// libpq's messages come in several lines; ours are one.
std::string one_line(std::string message);

}  // namespace penholder::postgres
