#pragma once

#include <penholder/error.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace penholder::sql {

/// One lexical part of a statement; a view into its text.
struct token {
    enum class kind : std::uint8_t {
        word,            ///< A key word or an identifier without quotes.
        national,        ///< The N of N'…', which is no word: a type may be called n.
        quoted,          ///< "…"
        unicode_quoted,  ///< U&"…"
        string,          ///< '…' or $tag$…$tag$; also what N'…' ends with.
        escape_string,   ///< E'…'
        unicode_string,  ///< U&'…'
        bits,            ///< B'…'
        hex_bits,        ///< X'…'
        integer,         ///< Digits only.
        number,          ///< With a fraction or an exponent.
        newer_number,    ///< 0x1F, 1_000: PostgreSQL 16 and later.
        parameter,       ///< $1
        operation,       ///< An operator of one or more characters.
        symbol,          ///< One of , ; ( ) [ ] . : $ and what is nothing else; or :: .. :=
    };
    kind what = kind::symbol;
    bool joined = false;  ///< A string that goes on behind a line's end: 'a'⏎'b'.
    std::string_view text;

    /// A word, whatever its case; `lower` is in lower case.
    bool is_word(std::string_view lower) const noexcept;
    /// The same as a name: a word of any case, or exactly that in quotes.
    bool is_identifier(std::string_view lower) const noexcept;
    bool is_symbol(char c) const noexcept { return what == kind::symbol && text.size() == 1 && text.front() == c; }
    bool is_string() const noexcept;
};

/// The tokens of a text without its comments, cut where PostgreSQL's own scanner cuts them (with
/// standard_conforming_strings on, as our connections have it). A test and a fuzzer hold it against that scanner; this
/// one is linear, copies nothing, and goes on where a newer server's numbers would end the other (decision 0019). Pure.
/// Errors: malformed_write, where a string, a quoted identifier or a comment does not end.
result<std::vector<token>> scan(std::string_view sql);

}  // namespace penholder::sql
