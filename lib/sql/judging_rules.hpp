#pragma once

#include <string>
#include <vector>

namespace penholder::sql {

/// What an operator declares, see group_options.
struct judging_rules {
    std::vector<std::string> harmless_functions;
    std::vector<std::string> no_version_columns;
};

}  // namespace penholder::sql
