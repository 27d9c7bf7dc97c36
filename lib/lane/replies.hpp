#pragma once

#include "command.hpp"
#include "trouble.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace penholder::lane {

/// Only the tag COMMIT is a commit.
inline bool has_committed(const std::vector<reply>& replies) {
    return std::ranges::count(replies, "COMMIT", &reply::tag) > 0;
}

/// The place of the first reply that keeps its transaction from going on.
inline std::optional<std::size_t> first_failure(const std::vector<reply>& replies) {
    const auto failed = std::ranges::find_if(replies, [](const auto& one) { return one.failed() || one.too_large; });
    if (failed == replies.end()) return std::nullopt;
    return static_cast<std::size_t>(failed - replies.begin());
}

/// The place of the reply with which the server ended the connection. It has run nothing behind that command.
inline std::optional<std::size_t> fatal_reply(const std::vector<reply>& replies) {
    const auto fatal = std::ranges::find_if(replies, &reply::fatal);
    if (fatal == replies.end()) return std::nullopt;
    return static_cast<std::size_t>(fatal - replies.begin());
}

/// A column of the one row that a reply brings; empty where it brings none, or NULL.
inline std::string_view text_in(const reply& from, std::size_t column = 0) {
    const auto& rows = from.result.rows;
    if (!from.done() || rows.empty() || rows.front().size() <= column || !rows.front()[column]) return {};
    return *rows.front()[column];
}

/// As text_in, as a number; 0 where it is none.
inline std::uint64_t number_in(const reply& from, std::size_t column = 0) {
    const auto text = text_in(from, column);
    std::uint64_t found = 0;
    std::from_chars(text.data(), text.data() + text.size(), found);
    return found;
}

/// The log's position that a reply brings; 0 where it brings none.
inline std::uint64_t log_position_in(const reply& from) {
    return lsn_from_string(text_in(from)).value_or(0);
}

/// What a reply that failed says, for a person.
inline std::string said(const reply& why) {
    if (why.too_large) return "its rows are too large for a batch";
    return why.sqlstate.empty() ? why.message : why.sqlstate + ": " + why.message;
}

inline trouble trouble_of(const reply& why, purpose step = purpose::other) {
    return {said(why), why.sqlstate, step};
}

}  // namespace penholder::lane
