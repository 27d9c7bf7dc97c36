#pragma once

#include "cli/invocation.hpp"
#include "model/fence_record.hpp"
#include "postgres/raise_memory.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace penholder::cli {

/// The options of a group with its database: the one named on the command line, else the configuration's; nothing
/// where neither names one.
std::optional<group_options> database_of(const invocation& run, const std::string& conninfo, const std::string& group);

/// Asks the database for the fence of its group, and so for its identity. Of several hosts, the one that the group
/// would write to by what is `known`.
boost::asio::awaitable<result<fence_record>> probe(invocation& run, group_options options, postgres::known_raise known);

}  // namespace penholder::cli
