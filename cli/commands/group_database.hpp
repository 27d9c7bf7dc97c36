#pragma once

#include "cli/invocation.hpp"

#include <penholder/options.hpp>

#include <optional>
#include <string>

namespace penholder::cli {

/// The options of a group with its database: the one named on the command line, else the configuration's; nothing
/// where neither names one.
std::optional<group_options> database_of(const invocation& run, const std::string& conninfo, const std::string& group);

}  // namespace penholder::cli
