#pragma once

#include <string_view>

namespace penholder::sql {

/// What the guard raises when the fence does not stand at our term.
inline constexpr std::string_view fenced_sqlstate = "PH001";
inline constexpr std::string_view cancelled_sqlstate = "57014";
inline constexpr std::string_view syntax_error_sqlstate = "42601";

/// A clash with another transaction, which may be gone at the next try.
inline bool is_conflict(std::string_view sqlstate) {
    return sqlstate == "40001" || sqlstate == "40P01" || sqlstate == "55P03";
}

/// It may be over at the next try, or with more time.
inline bool is_passing(std::string_view sqlstate) {
    return is_conflict(sqlstate) || sqlstate == cancelled_sqlstate;
}

/// After these, as errors of COMMIT, it may have taken effect all the same.
inline bool leaves_commit_in_doubt(std::string_view sqlstate) {
    return sqlstate == "40003" || sqlstate.substr(0, 2) == "XX";
}

}  // namespace penholder::sql
