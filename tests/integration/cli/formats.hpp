#pragma once

#include <boost/json.hpp>

#include <algorithm>
#include <sstream>
#include <string>

namespace penholder::testing {

/// Nothing but one JSON document.
inline bool is_json(const std::string& text) {
    boost::system::error_code failed;
    boost::json::parse(text, failed);
    return !failed;
}

/// A header and lines of as many columns.
inline bool is_tsv(const std::string& text) {
    std::istringstream lines(text);
    std::string header;
    std::getline(lines, header);
    const auto tabs = std::ranges::count(header, '\t');
    for (std::string line; std::getline(lines, line);) {
        if (std::ranges::count(line, '\t') != tabs) return false;
    }
    return !header.empty();
}

}  // namespace penholder::testing
