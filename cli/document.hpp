#pragma once

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace penholder::cli {

/// What a piece of text means to its reader; on a terminal it becomes a colour.
enum class tone : std::uint8_t { plain, strong, good, warning, bad, faint };

struct cell {
    std::string text;
    penholder::cli::tone tone = penholder::cli::tone::plain;

    cell() = default;
    cell(std::string what, penholder::cli::tone how = penholder::cli::tone::plain)  // NOLINT: a text is a cell
        : text(std::move(what)), tone(how) {}
    cell(const char* what) : text(what) {}  // NOLINT
};

using row = std::vector<cell>;

struct column {
    std::string name;         ///< snake_case; the table shows it in capitals.
    bool number = false;      ///< Aligned to the right.
    bool in_heading = false;  ///< The section's heading says it already: left out of the table, kept in tsv.
};

/// Rows that belong together under lines that say what they have in common.
struct section {
    std::vector<row> heading;
    std::vector<row> rows;
};

/// What a command has to say, before anybody asked for a format. `data` is what json and yaml show; columns and
/// sections are what table and tsv show. The commands make it, the renderers read it.
struct document {
    boost::json::value data;
    std::vector<column> columns;
    std::vector<section> sections;
    std::optional<std::string> text;  ///< Shown as it is instead of a table: scripts, reports.
};

}  // namespace penholder::cli
