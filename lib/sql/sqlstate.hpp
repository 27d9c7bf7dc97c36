#pragma once

#include <string_view>

namespace penholder::sql {

/// What the guard raises when the fence does not stand at our term.
inline constexpr std::string_view fenced_sqlstate = "PH001";
inline constexpr std::string_view cancelled_sqlstate = "57014";

/// A clash with another transaction, which may be gone at the next try.
inline bool is_conflict(std::string_view sqlstate) {
    return sqlstate == "40001" || sqlstate == "40P01" || sqlstate == "55P03";
}

/// The server or the connection is to blame, not the statement.
inline bool is_environment(std::string_view sqlstate) {
    const auto kind = sqlstate.substr(0, 2);
    if (sqlstate == cancelled_sqlstate || sqlstate == "08P01") return false;
    return kind == "08" || kind == "53" || kind == "57" || kind == "58" || sqlstate == "25006" || sqlstate.empty();
}

/// After these a COMMIT may have taken effect all the same.
inline bool leaves_commit_in_doubt(std::string_view sqlstate) {
    return sqlstate == "40003" || sqlstate.substr(0, 2) == "XX" || (is_environment(sqlstate) && !sqlstate.empty());
}

}  // namespace penholder::sql
