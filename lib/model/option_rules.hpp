#pragma once

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <string>
#include <vector>

namespace penholder {

/// One thing that is wrong with a node's options.
struct option_problem {
    std::string path;        ///< Which option: "link.listen", "group[0].name".
    std::string message;     ///< What is wrong with it and what to do.
    bool is_absent = false;  ///< It is required and empty.
};

/// Everything that is wrong with a node's options: values out of range, names, addresses, secrets that are missing
/// where unauthenticated peers could connect, and times that contradict each other. The daemon asks this about its
/// configuration file, `node` about what a program gives it; there are no other rules.
std::vector<option_problem> find_problems(const options& settings);

/// The same as one error, a line for each problem. Errors: invalid_configuration.
result<> check(const options& settings);

}  // namespace penholder
