#include "api/typed_values.hpp"

#include "api/array_text.hpp"
#include "api/exact_json.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace penholder::api {
namespace {

namespace json = boost::json;
using boost::system::error_code;

constexpr std::int64_t largest_exact = std::int64_t{1} << 53U;  ///< Every integer up to it is a double of its own.
constexpr std::size_t most_digits = 17;                         ///< That tell one double from another.
constexpr std::size_t deepest_json = 1000;

json::value as_text(std::string_view text) {
    return json::value(json::string_view(text.data(), text.size()));
}

/// What `json::basic_parser` calls where nobody wants to know more than whether it is JSON.
struct no_tree {
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_array_size = max_object_size;
    static constexpr std::size_t max_key_size = max_object_size;
    static constexpr std::size_t max_string_size = max_object_size;

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) { return true; }
    bool on_object_end(std::size_t, error_code&) { return true; }
    bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t, error_code&) { return true; }
    bool on_key_part(json::string_view, std::size_t, error_code&) { return true; }
    bool on_key(json::string_view, std::size_t, error_code&) { return true; }
    bool on_string_part(json::string_view, std::size_t, error_code&) { return true; }
    bool on_string(json::string_view, std::size_t, error_code&) { return true; }
    bool on_number_part(json::string_view, error_code&) { return true; }
    bool on_int64(std::int64_t, json::string_view, error_code&) { return true; }
    bool on_uint64(std::uint64_t, json::string_view, error_code&) { return true; }
    /// One that is no double comes to its readers as Infinity, or not at all.
    bool on_double(double value, json::string_view, error_code& failed) {
        if (!std::isfinite(value)) failed = json::error::exponent_overflow;
        return std::isfinite(value);
    }
    bool on_bool(bool, error_code&) { return true; }
    bool on_null(error_code&) { return true; }
    bool on_comment_part(json::string_view, error_code&) { return true; }
    bool on_comment(json::string_view, error_code&) { return true; }
};

/// A type of somebody's own may have the name of PostgreSQL's, so what is to be a part of the answer is looked at.
bool is_json(std::string_view text) {
    json::parse_options how;
    how.max_depth = deepest_json;
    json::basic_parser<no_tree> parser{how};
    error_code failed;
    const auto consumed = parser.write_some(false, text.data(), text.size(), failed);
    return !failed && consumed == text.size();
}

/// A decimal's value: 0.digits times ten to the exponent, neither first nor last digit 0.
struct decimal {
    std::string digits;
    int exponent = 0;

    friend bool operator==(const decimal&, const decimal&) = default;
};

decimal decimal_of(std::string_view text) {
    decimal made;
    bool is_behind_point = false;
    const auto end = std::min(text.find('e'), text.size());
    for (const char c : text.substr(0, end)) {
        is_behind_point = is_behind_point || c == '.';
        if (c < '0' || c > '9') continue;
        if (c != '0' || !made.digits.empty()) {
            made.digits += c;
            made.exponent += is_behind_point ? 0 : 1;
        } else if (is_behind_point) {
            --made.exponent;
        }
    }
    if (const auto written = text.substr(std::min(end + 1, text.size())); !written.empty()) {
        int exponent = 0;
        std::from_chars(written.data() + (written.front() == '+' ? 1 : 0), written.data() + written.size(), exponent);
        made.exponent += exponent;
    }
    while (made.digits.ends_with('0')) made.digits.pop_back();
    if (made.digits.empty()) made.exponent = 0;
    return made;
}

/// Whether a double that was made of these digits gives them back. "NaN" and "Infinity" have none.
bool survives_double(std::string_view text) {
    const auto written = decimal_of(text);
    if (written.digits.size() > most_digits) return false;
    double value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size()) return false;
    char again[32];
    const auto [last, no_room] =
        std::to_chars(std::begin(again), std::end(again), value, std::chars_format::scientific);
    return no_room == std::errc{} && decimal_of({std::begin(again), last}) == written;
}

json::value whole_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_exact =
        failed == std::errc{} && end == text.data() + text.size() && value >= -largest_exact && value <= largest_exact;
    return is_exact ? json::value(value) : as_text(text);
}

json::value number(std::string_view text) {
    const bool is_finite = text.find_first_not_of("0123456789+-.e") == std::string_view::npos;
    return is_finite && survives_double(text) && is_json(text) ? verbatim(text) : as_text(text);
}

json::value boolean(std::string_view text) {
    return text == "t" ? json::value(true) : text == "f" ? json::value(false) : as_text(text);
}

/// Without what is in brackets behind it: numeric(10,2), geometry(Point,4326).
std::string_view without_modifier(std::string_view type) {
    return type.substr(0, type.find('('));
}

/// Between the elements of an array. PostGIS says so of its types, and PostgreSQL of one of its own; others of these
/// names are somebody's own.
char delimiter_of(std::string_view element) {
    if (element == "box") return ';';
    const auto name = element.substr(element.rfind('.') + 1);
    return name == "geometry" || name == "geography" ? ':' : ',';
}

}  // namespace

typed_column::typed_column(std::string_view type) : is_array_(type.ends_with("[]")) {
    if (is_array_) type.remove_suffix(2);
    type = without_modifier(type);
    what_ = kind_of(type);
    delimiter_ = delimiter_of(type);
}

typed_column::kind typed_column::kind_of(std::string_view type) {
    if (type == "boolean") return kind::boolean;
    if (type == "smallint" || type == "integer" || type == "bigint") return kind::whole_number;
    if (type == "real" || type == "double precision" || type == "numeric") return kind::number;
    return type == "json" || type == "jsonb" ? kind::json : kind::text;
}

json::value typed_column::value_of(const std::optional<std::string>& text) const {
    if (!text) return nullptr;
    if (!is_array_) return element(*text);
    const bool is_others = delimiter_ == ':' && text->find(',') != std::string::npos;  // PostGIS's elements hold none.
    auto array =
        read_array_text(*text, is_others ? ',' : delimiter_, [this](std::string_view one) { return element(one); });
    return array ? std::move(*array) : as_text(*text);
}

json::value typed_column::element(std::string_view text) const {
    switch (what_) {
        case kind::boolean: return boolean(text);
        case kind::whole_number: return whole_number(text);
        case kind::number: return number(text);
        case kind::json: return is_json(text) ? verbatim(text) : as_text(text);
        case kind::text: break;
    }
    return as_text(text);
}

json::array typed_rows(const statement_result& from) {
    std::vector<typed_column> columns;
    for (std::size_t at = 0; at < from.columns.size(); ++at) {
        columns.emplace_back(at < from.types.size() ? from.types[at] : std::string_view());
    }
    json::array rows;
    rows.reserve(from.rows.size());
    for (const auto& row : from.rows) {
        auto& values = rows.emplace_back(json::array()).get_array();
        values.reserve(row.size());
        for (std::size_t at = 0; at < row.size(); ++at) {
            values.push_back(at < columns.size() ? columns[at].value_of(row[at]) : json::value());
        }
    }
    return rows;
}

}  // namespace penholder::api
