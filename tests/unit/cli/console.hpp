#pragma once

#include "cli/run.hpp"

#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace penholder::cli {

/// What a run of the command left behind.
struct ended {
    int code = 0;
    std::string out;
    std::string err;
};

/// Runs the command in this process, with nothing in its environment but `variables`; `person` can be asked.
inline ended run_cli(const std::vector<std::string>& words, const std::string& input = {},
                     const std::map<std::string, std::string>& variables = {}, bool person = false) {
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    terminal screen{in, out, err, person};
    const auto look_up = [&](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    const exit_code code = run(words, screen, look_up);
    return {static_cast<int>(code), out.str(), err.str()};
}

}  // namespace penholder::cli
