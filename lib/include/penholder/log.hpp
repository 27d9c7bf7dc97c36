#pragma once

#include <functional>
#include <string_view>

namespace penholder {

enum class log_level { debug, info, warning, error };

/// Takes one line of the library's log, `event key=value …`, without time, level and end of line. It is called on the
/// thread that logs, by several at once; it must not block, nor call a node.
using log_sink = std::function<void(log_level level, std::string_view line)>;

/// Sends the library's log to a sink of the host's: lines of `least` and worse. Without it, warnings and errors go to
/// stderr, and an empty sink brings that back. Holds for all nodes of the process; not to be called while nodes run.
void set_log(log_level least, log_sink sink);

}  // namespace penholder
