#pragma once

#include "command.hpp"

#include <algorithm>
#include <cstddef>
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

/// What a reply that failed says, for a person.
inline std::string said(const reply& why) {
    if (why.too_large) return "its rows are too large for a batch";
    return why.sqlstate.empty() ? why.message : why.sqlstate + ": " + why.message;
}

}  // namespace penholder::lane
