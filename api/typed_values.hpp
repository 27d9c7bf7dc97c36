#pragma once

#include <penholder/receipt.hpp>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace penholder::api {

/// Makes JSON of one column's values, which are in PostgreSQL's text format: booleans, numbers that the double of most
/// JSON parsers holds digit for digit, JSON itself, arrays of all that, NULL as null; everything else is text. Made
/// from the type's name as format_type gives it; without a name everything is text.
class typed_column {
public:
    explicit typed_column(std::string_view type);

    /// For write_exactly, because numbers and JSON are verbatim.
    boost::json::value value_of(const std::optional<std::string>& text) const;

private:
    enum class kind : std::uint8_t { text, boolean, whole_number, number, json };

    static kind kind_of(std::string_view type);
    boost::json::value element(std::string_view text) const;

    kind what_ = kind::text;
    bool is_array_ = false;
    char delimiter_ = ',';
};

/// The rows that one statement returned, each column by its type.
boost::json::array typed_rows(const statement_result& from);

}  // namespace penholder::api
