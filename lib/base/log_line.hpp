#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penholder {

/// A line of the log, read back: `event key=value …` as base/log_event.hpp documents it.
struct log_line {
    std::string event;
    std::vector<std::pair<std::string, std::string>> fields;

    /// The first field of that key; empty where there is none.
    std::string field(std::string_view key) const;
};

/// Nothing where `text` is no such line, to the last byte: a name in other letters than a-z, 0-9 and `_`, a value that
/// is neither bare nor properly quoted, a control character or invalid UTF-8 anywhere.
std::optional<log_line> parse_log_line(std::string_view text);

}  // namespace penholder
