#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace penholder::postgres {

/// The SQLSTATE in libpq's words about a connection that the server refused, in its terse or its verbose form; empty
/// where there is none.
std::string sqlstate_in(std::string_view complaint);

/// Without the place in the server's sources, with which libpq's verbose form ends.
std::string without_location(std::string complaint);

/// With which SQLSTATE the server refuses a connection just now. libpq tells that of a connection only before it is
/// made, so this asks once more; empty where nobody answers within that time, or where it is not refused any more.
/// Blocks; worker threads.
std::string sqlstate_of_refusal(const std::string& conninfo, std::chrono::milliseconds within);

}  // namespace penholder::postgres
