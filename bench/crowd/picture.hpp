#pragma once

#include "crowd/stage.hpp"

#include <string>
#include <vector>

namespace penholder::bench {

/// A table for people, on stdout.
void print(const std::vector<scale_result>& all);

/// All numbers, as JSON in `file`.
void write_down(const std::string& file, const std::vector<scale_result>& all);

/// Time, requests and memory over the number of nodes, on logarithmic scales, as SVG in `file`.
void draw(const std::string& file, const std::vector<scale_result>& all);

}  // namespace penholder::bench
