#pragma once

#include "group_view.hpp"
#include "model/ids.hpp"
#include "records.hpp"

#include <penholder/error.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace penholder::election {

// The rules of a handover for those who ask for one and wait for it, as pure functions of what the ensemble shows. How
// a leader answers a request is in handover.hpp.

/// Whether the leader of `from_term` (0: of the present one) may be asked to hand over to `heir`, a node or
/// `next_in_succession`. Errors: no_leader, node_not_found, paused, refused (the heir leads already, is an observer or
/// is not eligible, nobody else could lead, or the term is over), in_progress (another handover is under way).
result<> may_request_handover(const group_view& group, const std::string& heir, term from_term);

/// Whether a node that could be the heir will stand in a moment: it is enrolled and has no candidate yet. A refusal is
/// worth waiting for then. Requires a leader.
bool is_about_to_stand(const group_view& group, const std::string& heir);

/// `control` holds a request to the leader of `from`.
bool request_stands(const std::optional<handover_request>& request, term from) noexcept;

/// How a change of leader stands that somebody waits for.
enum class handover_progress : std::uint8_t {
    under_way,
    done,     ///< A leader of a newer term serves.
    refused,  ///< The request is gone, and the same leader goes on.
};

/// `was_requested`: the request of `from` stood in `control` at some time. `leader` is the term that is led now, 0
/// where nobody leads.
handover_progress progress_of_handover(term from, bool was_requested, term leader, bool leader_serves,
                                       const std::optional<handover_request>& request) noexcept;

}  // namespace penholder::election
