#include "shape.hpp"

#include "relative_time.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>

namespace penholder::sql {
namespace {

using kind = token::kind;

constexpr std::size_t max_shape_bytes = 64 * 1024;

constexpr std::array<std::string_view, 8> can_be_plain{"select", "insert", "update", "delete",
                                                       "merge",  "with",   "values", "table"};

bool is_any_word(const token& what, const auto& words) {
    return std::ranges::any_of(words, [&](std::string_view word) { return what.is_word(word); });
}

std::string_view number_tag(std::string_view digits) {
    const auto zeros = digits.find_first_not_of('0');
    digits.remove_prefix(std::min(zeros, digits.size()));
    if (digits == "2147483648" || digits == "9223372036854775808") return digits;
    const auto fits = [&](std::string_view most) {
        return digits.size() < most.size() || (digits.size() == most.size() && digits <= most);
    };
    return fits("2147483647") ? "'i'" : fits("9223372036854775807") ? "'l'" : "'n'";
}

/// What is between a string's quotes.
std::string_view inside(std::string_view text) {
    const auto opening = text.front() == '$' ? text.find('$', 1) + 1 : text.find('\'') + 1;
    const auto closing = text.front() == '$' ? opening : 1;
    return text.substr(opening, text.size() - opening - closing);
}

bool may_spell_time(const token& what) {
    const bool escapes = what.what == kind::escape_string || what.what == kind::unicode_string;
    if (what.joined || (escapes && what.text.find('\\') != std::string_view::npos)) return true;
    return may_tell_time(inside(what.text));
}

std::size_t parameter_number(const token& what) {
    std::size_t number = 0;
    std::from_chars(what.text.data() + 1, what.text.data() + what.text.size(), number);
    return number;
}

/// Writes one statement's shape.
class shape_writer {
public:
    explicit shape_writer(std::span<const token> tokens) : tokens_(tokens) {}

    std::string write() {
        while (at_ < tokens_.size() && shape_.size() <= max_shape_bytes) {
            if (is_values(at_) && folds_left_-- > 0 && fold_rows()) continue;
            if (!write_token(at_, shape_, 0)) return {};
            ++at_;
        }
        return shape_.size() <= max_shape_bytes ? std::move(shape_) : std::string();
    }

private:
    struct row {
        std::string text;
        std::size_t end = 0;         ///< The token behind its closing parenthesis.
        std::size_t parameters = 0;  ///< How many it has, numbered from its base on; each once.
    };

    bool is_values(std::size_t at) const {
        return tokens_[at].is_word("values") && at + 1 < tokens_.size() && tokens_[at + 1].is_symbol('(');
    }

    /// Integers in places where PostgreSQL reads a position or a precision.
    bool keeps_value(std::size_t at) const {
        if (at < 1) return false;
        const auto& before = tokens_[at - 1];
        if (at >= 2 && before.is_symbol('(') && tokens_[at - 2].is_word("float")) return true;
        static constexpr std::array<std::string_view, 3> openers{"by", "all", "distinct"};
        return positions_ && (before.is_symbol('(') || before.is_symbol(',') || is_any_word(before, openers));
    }

    /// False where the token makes the statement one without a shape. Parameters are numbered from `base` on, or as
    /// they are where that is 0.
    bool write_token(std::size_t at, std::string& to, std::size_t base) {
        const auto& one = tokens_[at];
        if (one.what == kind::newer_number || one.what == kind::unicode_quoted) return false;
        if (one.is_word("into") &&
            (at == 0 || !(tokens_[at - 1].is_word("insert") || tokens_[at - 1].is_word("merge"))))
            return false;
        const bool distinct_on = one.is_word("on") && at > 0 && tokens_[at - 1].is_word("distinct");
        positions_ = positions_ || one.is_word("by") || distinct_on;
        if (!to.empty()) to += ' ';
        if (one.what == kind::word) {
            for (const char c : one.text) to += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        } else if (one.what == kind::parameter) {
            to += '$';
            to +=
                base == 0 ? std::to_string(parameter_number(one)) : '+' + std::to_string(parameter_number(one) - base);
        } else {
            to += tag_of(at);
        }
        return true;
    }

    std::string_view tag_of(std::size_t at) const {
        const auto& one = tokens_[at];
        switch (one.what) {
            case kind::string:
            case kind::escape_string: return may_spell_time(one) ? relative_time_tag : "'s'";
            case kind::unicode_string: return may_spell_time(one) ? relative_time_tag : "'u'";
            case kind::national: return "'N'";
            case kind::bits: return "'b'";
            case kind::hex_bits: return "'x'";
            case kind::number: return "'n'";
            case kind::integer: return keeps_value(at) ? one.text : number_tag(one.text);
            default: return one.text;
        }
    }

    /// The row that begins at a parenthesis, its parameters numbered from `base`; nothing where it has none of a row's
    /// forms, or does not number its parameters through.
    std::optional<row> read_row(std::size_t begin, std::size_t base) {
        row read;
        int depth = 0;
        for (auto at = begin; at < tokens_.size() && read.text.size() <= max_shape_bytes; ++at) {
            const auto& one = tokens_[at];
            if (one.what == kind::parameter && parameter_number(one) != base + read.parameters++) return std::nullopt;
            if (!write_token(at, read.text, one.what == kind::parameter ? base : 0)) return std::nullopt;
            depth += one.is_symbol('(') ? 1 : one.is_symbol(')') ? -1 : 0;
            if (depth == 0) return read.end = at + 1, read;
        }
        return std::nullopt;
    }

    /// Writes a list of two or more rows that look alike as its first row and a mark. False where nothing was written.
    bool fold_rows() {
        const bool positions = positions_;
        const auto first = read_row(at_ + 1, 1);
        auto last = first;
        std::size_t rows = first ? 1 : 0;
        while (last && last->end + 1 < tokens_.size() && tokens_[last->end].is_symbol(',') &&
               tokens_[last->end + 1].is_symbol('(')) {
            const auto next = read_row(last->end + 1, 1 + rows * first->parameters);
            if (!next || next->text != first->text) return positions_ = positions, false;
            last = next;
            ++rows;
        }
        if (rows < 2 || (first->parameters > 0 && has_parameters_outside(at_, last->end))) {
            return positions_ = positions, false;
        }
        shape_ += (shape_.empty() ? "values " : " values ") + first->text + " , ...";
        at_ = last->end;
        return true;
    }

    bool has_parameters_outside(std::size_t begin, std::size_t end) const {
        const auto has = [](std::span<const token> some) {
            return std::ranges::any_of(some, [](const token& one) { return one.what == kind::parameter; });
        };
        return has(tokens_.first(begin)) || has(tokens_.subspan(end));
    }

    std::span<const token> tokens_;
    std::size_t at_ = 0;
    std::string shape_;
    int folds_left_ = 8;      ///< Each may read 64 KiB ahead for nothing.
    bool positions_ = false;  ///< ORDER BY, GROUP BY or DISTINCT came before.
};

}  // namespace

std::string shape_of(std::span<const token> tokens) {
    if (tokens.empty() || !is_any_word(tokens.front(), can_be_plain)) return {};
    return shape_writer(tokens).write();
}

}  // namespace penholder::sql
