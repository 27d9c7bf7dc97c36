#pragma once

#include "cli/document.hpp"

#include <penholder/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace penholder::cli {

enum class format : std::uint8_t { table, json, yaml, tsv };

/// Sections with their headings, columns aligned; colours where `colour` is set.
std::string render_table(const document& what, bool colour);

/// One JSON document, indented.
std::string render_json(const document& what);

/// The same on one line, for streams of documents.
std::string render_json_line(const document& what);

/// One YAML document in block style.
std::string render_yaml(const document& what);

/// A header line and a line for each row of all sections; tab, newline, return and backslash are escaped as in
/// PostgreSQL's COPY.
std::string render_tsv(const document& what, bool header = true);

}  // namespace penholder::cli
