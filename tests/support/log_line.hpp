#pragma once

#include "base/log_line.hpp"

namespace penholder::testing {

using penholder::log_line;
using penholder::parse_log_line;

}  // namespace penholder::testing
