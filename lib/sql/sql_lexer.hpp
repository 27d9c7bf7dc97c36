#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::sql {

/// One word of SQL, as PostgreSQL's scanner would cut it. Comments and white space are none.
struct sql_token {
    enum class kind { word, quoted, string, parameter, number, symbol };
    kind what = kind::symbol;
    std::string text;  ///< Words in lower case; quoted identifiers without their quotes; strings are left out.

    bool is_word(std::string_view text_) const { return what == kind::word && text == text_; }
    bool is_symbol(char c) const { return what == kind::symbol && text.size() == 1 && text.front() == c; }
    bool is_identifier(std::string_view name) const {
        return (what == kind::word || what == kind::quoted) && text == name;
    }
};

/// The words of `sql`, with standard_conforming_strings. Nothing where a quote or comment is not closed.
std::optional<std::vector<sql_token>> cut(std::string_view sql);

}  // namespace penholder::sql
