#pragma once

#include "cli/invocation.hpp"
#include "model/fence_record.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace penholder::cli {

/// The options of a group with its database: the one named on the command line, else the configuration's; nothing
/// where neither names one.
std::optional<group_options> database_of(const invocation& run, const std::string& conninfo, const std::string& group);

/// Asks the database for the fence of its group, and so for its identity.
boost::asio::awaitable<result<fence_record>> probe(invocation& run, group_options options);

}  // namespace penholder::cli
