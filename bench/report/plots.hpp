#pragma once

#include "results.hpp"

#include <filesystem>

namespace penholder::bench {

/// An SVG for each series in `folder`: rates where writers wait for their answers, latencies at a fixed rate.
void write_plots(const results& found, const std::filesystem::path& folder);

}  // namespace penholder::bench
