#pragma once

#include "action.hpp"
#include "link_target.hpp"
#include "model/fence_record.hpp"
#include "model/ids.hpp"

#include <penholder/error.hpp>

#include <optional>
#include <variant>
#include <vector>

namespace penholder::group {

/// The database knows the term, and its lane is being opened.
struct fence_held {
    penholder::term term;
    log_position at{};
};

/// The fence could not be raised. `seen` is the term in the database that stood in the way.
struct fence_refused {
    penholder::term term;
    error why;
    std::optional<penholder::term> seen;
};

/// Nothing of the term's writes is under way any more.
struct term_drained {
    penholder::term term;
};

using term_action = std::variant<action::raise_fence, action::open_lane, action::drain_lane, action::close_lane,
                                 fence_held, fence_refused, term_drained>;
using term_actions = std::vector<term_action>;

/// A node's own leadership towards the database: raises the fence to its term, then opens the one lane that may write
/// under it, and drains that lane when the term ends. At most one lane is of the present term; the lane of the term
/// before it may still finish its last batch, which the database takes while it knows of nobody newer. What a former
/// term still has to say is dropped. Every call is legal at any time. Owned by the group's machine.
class leader_term {
public:
    /// Elected: closes what was before and raises the fence for `next`.
    term_actions begin(term next);
    term_actions fence_answered(term which, const result<fence_answer>& answer);

    /// Takes no new writes and finishes the batch in flight.
    term_actions drain();
    term_actions lane_drained(lane_id which);

    /// Somebody else leads.
    term_actions step_down();

    /// Closes everything at once.
    term_actions end();

    /// The lane of the present term.
    std::optional<lane_id> lane() const noexcept { return lane_; }

private:
    std::optional<term> term_;  ///< None while this node does not lead.
    std::optional<lane_id> lane_;
    std::optional<lane_id> last_lane_;  ///< Of a term that is over, until its last batch is.
    lane_id lanes_;                     ///< The last one that was opened.
};

}  // namespace penholder::group
