#pragma once

#include "election/action.hpp"
#include "link_target.hpp"
#include "wire/request.hpp"
#include "write/action.hpp"
#include "znode_step.hpp"

#include <penholder/error.hpp>
#include <penholder/leadership.hpp>
#include <penholder/receipt.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace penholder::group {

namespace action {

// Of the ensemble. The elector's questions are answered by `event::ensemble` under their ticket.

/// Read the group's znodes and leave watches, as election::action::read says.
struct read_group {
    election::ticket ticket = 0;
    election::scope scope = election::scope::partial;
};
/// Create these persistent znodes, parents first, where they are missing.
struct create_znodes {
    election::ticket ticket = 0;
    std::vector<std::string> paths;
};
/// Leave a watch on a znode; answered `bad_version` when it is no longer at `version`, or not `owner`'s: one that was
/// removed and made again by somebody else begins at the same version.
struct watch_znode {
    election::ticket ticket = 0;
    std::string path;
    std::int32_t version = 0;
    std::int64_t owner = 0;
};
/// One transaction, all or nothing.
struct change_znodes {
    election::ticket ticket = 0;
    std::vector<znode_step> steps;
};
/// Write a request for a handover, whoever leads; answered by `event::handover_requested`.
struct request_handover {
    penholder::ticket from;
    std::string heir;  ///< Empty for the next in succession.
};
/// The elector asks nothing any more: no event of the ensemble is wanted.
struct leave_ensemble {};

// Of the database.

/// Which database the group writes to and where its fence was raised last: a server that lacks that raise is an old
/// primary, or a copy, and is not to be written to.
struct expect_database {
    election::group_database which;
};
/// The leader's link broke and this node is the next: make ready what leading takes, in case that it is elected.
struct prepare_to_lead {};

/// Look whether the database can be written and which term its fence shows; answered by `event::database_probed`.
struct probe {};
/// Answered by `event::fence_answered`.
struct raise_fence {
    penholder::term term;
};
/// Open a lane under `term`, whose fence was raised a moment ago. What becomes of it comes in events of that lane.
struct open_lane {
    lane_id lane;
    penholder::term term;
};
/// The lane takes nothing new and finishes what is under way; answered by `event::lane_drained`.
struct drain_lane {
    lane_id lane;
};
/// Forget the lane, at once. Its answers may still come, no other event of it does.
struct close_lane {
    lane_id lane;
};
/// Give the write to the lane; answered by `event::writes_answered`.
struct apply {
    lane_id lane;
    attempt what;
};
/// Ask the ledger; answered by `event::receipt_read`.
struct read_receipt {
    penholder::ticket from;
    std::string id;
};

/// Have the ledger forget a key whose write was rejected, under that term's fence; answered by `event::key_forgotten`.
struct forget_key {
    penholder::ticket from;
    penholder::term term;
    std::string id;
    std::string by;  ///< Who wants it.
};

// Of the link to the leader; at most one is open.

/// Connect to the leader, again and again. What becomes of it comes in events of that link.
struct open_link {
    link_id link;
    link_target target;
};
/// Where it is down: it is not to wait for others' sake.
struct hurry_link {
    link_id link;
};
/// Forget the link, at once. No event of it comes any more.
struct close_link {
    link_id link;
};
/// Send the request; answered by `event::link_replied`, or at once by `event::not_sent`.
struct send {
    link_id link;
    wire::request what;
};

// Answers. A ticket that nobody waits for any more is no mistake.

struct answer_write {
    ticket to;
    receipt what;
};
struct answer_find {
    ticket to;
    result<std::optional<receipt>> what;
};
struct answer_handover {
    ticket to;
    result<leadership> what;
};
struct answer_peer {
    ticket to;
    wire::reply_body what;
};

// News.

/// For the host: every change, in order.
struct report {
    leadership now;
};
/// `group_machine::accepts_links` is true again: followers that wait for their welcome may have it.
struct accept_links {};

/// A line for the log. Event and keys are literals in snake_case; values are raw and may be hostile. The shell adds
/// nothing but quotes.
struct log {
    using field = std::pair<std::string_view, std::string>;
    bool warning = true;  ///< Else it is for information.
    std::string_view event;
    std::vector<field> fields;
    friend bool operator==(const log&, const log&) = default;
};
/// All is answered and closed; there will be no other action.
struct stopped {};

}  // namespace action

/// Everything that a group's machine may want done. The shell does it, in order, and decides nothing.
using any_action =
    std::variant<action::read_group, action::create_znodes, action::watch_znode, action::change_znodes,
                 action::request_handover, action::leave_ensemble, action::expect_database, action::prepare_to_lead,
                 action::probe, action::raise_fence, action::open_lane, action::drain_lane, action::close_lane,
                 action::apply, action::read_receipt, action::forget_key, action::open_link, action::hurry_link,
                 action::close_link, action::send, action::answer_write, action::answer_find, action::answer_handover,
                 action::answer_peer, action::report, action::accept_links, action::log, action::stopped>;
using actions = std::vector<any_action>;

/// What some part of a shell does. Each action is some one part's.
template <class Part, class Action>
concept carries_out = requires(Part& part, Action& what) {
    part.carry_out(what);
};

}  // namespace penholder::group
