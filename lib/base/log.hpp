#pragma once

#include <spdlog/spdlog.h>

#include <memory>

namespace penholder {

/// The process's one logger, "penholder". Until somebody configures it, it writes warnings and worse to stderr.
/// Lines are `event key=value …`: the words of the design, then group, term and node.
spdlog::logger& log();

/// Replaces the logger; the daemon does so after reading its configuration. Not to be called while nodes run.
void set_log(std::shared_ptr<spdlog::logger> logger);

}  // namespace penholder
