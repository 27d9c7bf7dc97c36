#pragma once

#include <penholder/error.hpp>
#include <penholder/option_problem.hpp>
#include <penholder/options.hpp>

#include <vector>

namespace penholder {

/// What is wrong with a node's options by themselves: all of `check_options` but what only libpq knows.
std::vector<option_problem> find_problems(const options& settings);

/// Problems as one error, a line for each; nothing where there are none. Errors: invalid_configuration.
result<> as_result(const std::vector<option_problem>& found);

}  // namespace penholder
