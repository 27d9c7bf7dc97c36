#pragma once

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

/// Everything that is wrong with a node's options, as far as can be said without connecting anywhere: values out of
/// range, names, addresses that nobody could connect to, secrets that are missing where unauthenticated peers could
/// connect, secrets and certificates whose
/// files cannot be used, connection strings that libpq cannot read, and times that contradict each other. `node` asks
/// this about what a program gives it, and `penholderd --check-config` about its file; there are no other rules.
std::vector<option_problem> check_options(const options& settings);

}  // namespace penholder
