#pragma once

#include <penholder/error.hpp>

#include <map>
#include <string>

namespace penholder::postgres {

/// A libpq connection string (or URI) with `defaults` added where it says nothing itself. What is `pinned` holds
/// whatever it says; pinned `options` follow its own, so that the server takes both and ours last. Errors:
/// invalid_argument.
result<std::string> complete_conninfo(const std::string& conninfo, const std::map<std::string, std::string>& defaults,
                                      const std::map<std::string, std::string>& pinned = {});

/// The defaults of every connection that Penholder makes: only a primary will do, and silence ends in bounded time.
std::map<std::string, std::string> connection_defaults(int connect_timeout_ms, const std::string& application_name);

/// libpq's messages come in several lines; ours are one.
std::string one_line(std::string message);

}  // namespace penholder::postgres
