#pragma once

#include "goals.hpp"
#include "results.hpp"

#include <string>

namespace penholder::bench {

/// Everything as tables, in Markdown that a terminal shows well too. `plots`: the folder that holds the plots, as the
/// text is to name it; none where it is empty.
std::string to_markdown(const results& found, const std::string& plots);

/// Everything as JSON, each round by itself.
std::string to_json(const results& found);

/// Writes the tables into `file`: what stands there up to the line `<!-- results -->` stays.
void replace_results(const std::string& file, const std::string& tables);

}  // namespace penholder::bench
