#pragma once

#include "event.hpp"
#include "home_database.hpp"
#include "model/ids.hpp"

#include <penholder/leadership.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace penholder::election {

namespace action {

// Questions to the ensemble. At most one is open at a time. A read that succeeded is answered by
// `event::snapshot_read`, everything else by `event::answered`.

/// Read `leader` and `control`, leaving watches; a full read also `terms`, the own member (leaving a watch) and the
/// candidates, as far as `candidate_survey` wants them (leaving a watch on the own).
struct read {
    election::ticket ticket = 0;
    election::scope scope = scope::partial;
};
/// Create the group's persistent znodes where they are missing.
struct create_parents {
    election::ticket ticket = 0;
};
/// Create the own member znode, ephemeral; in one transaction, in place of the own one where that says another
/// database, or of all that an earlier life of this node has left.
struct enroll {
    election::ticket ticket = 0;
    std::string database;
    std::optional<std::int32_t> replaced_version{};
    std::vector<std::string> replaced_candidates{};
};
/// Create a candidate, ephemeral and sequential, its name beginning with the session's id.
struct create_candidate {
    election::ticket ticket = 0;
    candidate_record record;
};
struct set_candidate {
    election::ticket ticket = 0;
    std::string znode;
    candidate_record record;
    std::int32_t version = 0;
};
struct remove_candidate {
    election::ticket ticket = 0;
    std::string znode;
};
/// Leave a watch on a candidate; `bad_version` when it is not any more as it was seen.
struct watch_candidate {
    election::ticket ticket = 0;
    std::string znode;
    std::int32_t version = 0;
};
/// The znodes, each as it was seen, of a leader that is followed before it has gone, because it agreed or is proven to
/// be dead.
struct removal {
    std::optional<process_death> proof;  ///< Of its death; none where it agreed.
    std::int32_t leader_version = 0;
    std::optional<std::int32_t> member_version;  ///< Of a dead leader only.
    std::string candidate;                       ///< Empty where it has none any more.
    std::int32_t candidate_version = 0;
};

/// One transaction: remove the znodes of the leader that is followed, where it has not gone, check `control`, or set it
/// where this fulfills a request, check the own candidate, create `leader`, set `terms`. The last of `terms` is the new
/// one.
struct lead {
    election::ticket ticket = 0;
    std::string candidate;
    std::int32_t candidate_version = 0;
    leader_record leader;
    std::vector<term_record> terms;
    std::int32_t terms_version = 0;
    std::int32_t control_version = 0;
    std::optional<control_record> control{};
    std::optional<removal> removed{};
};
/// One transaction: check `terms`, which somebody else's election would have changed, or set them where the own one
/// says now where its fence was raised, and set the phase of the own `leader` znode.
struct declare_serving {
    election::ticket ticket = 0;
    leader_record leader;
    std::int32_t version = 0;
    std::int32_t terms_version = 0;
    std::optional<std::vector<term_record>> terms{};
};
/// One transaction: set `control`, remove the own `leader` and the own candidate, where there is one.
struct give_up {
    election::ticket ticket = 0;
    control_record control;
    std::int32_t control_version = 0;
    std::int32_t leader_version = 0;
    std::string candidate;
};
struct set_control {
    election::ticket ticket = 0;
    control_record control;
    std::int32_t version = 0;
};
/// Remove the own member znode.
struct withdraw {
    election::ticket ticket = 0;
};

}  // namespace action

/// What the elector asks of the ensemble.
using any_question =
    std::variant<action::read, action::create_parents, action::enroll, action::create_candidate, action::set_candidate,
                 action::remove_candidate, action::watch_candidate, action::lead, action::declare_serving,
                 action::give_up, action::set_control, action::withdraw>;

namespace action {

// To the host, which answers in its own time or not at all.

/// The leadership as this node sees it has changed.
struct report {
    leadership now;
};
struct raise_fence {
    penholder::term term{};
};
/// Finish what is in flight and take nothing new, then say `drained`.
struct drain {
    penholder::term term{};
};
/// A resignation or handover that cannot be done.
struct refuse {
    error why;
};
/// Where the group writes to has become known, or has changed.
struct database_known {
    group_database which;
};
/// What keeps this node from taking part; nothing when all is well again.
struct trouble {
    std::optional<error> what;
};
/// A warning for the log. Event and keys are literals in snake_case. Values are raw and may be hostile: whoever writes
/// the line quotes them, and adds group and node.
struct log {
    using field = std::pair<std::string_view, std::string>;
    std::string_view event;
    std::vector<field> fields;
    friend bool operator==(const log&, const log&) = default;
};
/// Arms a timer in place of an earlier one of its kind.
struct arm {
    election::timer which = timer::retry;
    election::ticket ticket = 0;
    std::chrono::milliseconds delay{0};
};
/// The elector has left; it will ask for nothing more.
struct stopped {};

}  // namespace action

using any_action = std::variant<action::read, action::create_parents, action::enroll, action::create_candidate,
                                action::set_candidate, action::remove_candidate, action::watch_candidate, action::lead,
                                action::declare_serving, action::give_up, action::set_control, action::withdraw,
                                action::report, action::raise_fence, action::drain, action::refuse,
                                action::database_known, action::trouble, action::log, action::arm, action::stopped>;
using actions = std::vector<any_action>;

}  // namespace penholder::election
