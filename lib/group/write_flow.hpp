#pragma once

#include "action.hpp"
#include "event.hpp"
#include "instant.hpp"
#include "link_target.hpp"
#include "receipt_search.hpp"
#include "write/router.hpp"
#include "write_tally.hpp"

#include <penholder/options.hpp>
#include <penholder/status.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace penholder::group {

/// Somebody names a leader with a newer term than the one that this node knows of.
struct leader_hinted {
    leader_hint hint;
};

using flow_action =
    std::variant<action::apply, action::send, action::read_receipt, action::forget_key, action::answer_write,
                 action::answer_find, action::answer_peer, action::log, leader_hinted>;
using flow_actions = std::vector<flow_action>;

/// The way of writes, and of questions for receipts, through one group at one node: what its callers and its followers
/// ask for, decided by the router, to the lane where this node leads and over the link where another does, and back as
/// answers. Every call is legal at any time; every caller and peer is answered once, whatever happens. Owned by the
/// group's machine, which tells it who leads.
class write_flow {
public:
    write_flow(router_options rules, std::string group, bool has_database, time_point now);

    flow_actions on(event::submit what, time_point now);
    flow_actions on(event::withdraw what, time_point now);
    flow_actions on(event::find what, time_point now);
    flow_actions on(event::forget what, time_point now);
    flow_actions on(event::peer_asked what, time_point now);
    flow_actions on(event::writes_answered what, time_point now);
    flow_actions on(event::receipt_read what, time_point now);
    flow_actions on(event::key_forgotten what, time_point now);
    flow_actions on(event::link_replied what, time_point now);
    flow_actions on(event::not_sent what, time_point now);
    flow_actions time_passed(time_point now);

    // Who leads.

    /// This node does, under `its_term`, over `lane`.
    flow_actions lead(term its_term, lane_id lane, time_point now);
    flow_actions follow(const link_target& leader, time_point now);
    flow_actions wait_for_leader(time_point now);
    /// The lane takes nothing any more.
    void lane_gone() noexcept { lane_.reset(); }
    flow_actions link_up(link_id link, term its_term, std::size_t window, time_point now);
    flow_actions link_down(time_point now);

    /// No new writes.
    flow_actions refuse_new(time_point now);
    /// Answers all that is left.
    flow_actions give_up(time_point now);

    std::optional<time_point> next_deadline() const;
    std::size_t pending() const noexcept { return router_.pending(); }
    const write_counters& counters() const noexcept { return tally_.counters(); }

private:
    flow_actions translate(penholder::actions todo, time_point now);
    void translate(penholder::actions todo, flow_actions& out, time_point now);
    void translate(penholder::apply& what, flow_actions& out, time_point now);
    void translate(penholder::forward& what, flow_actions& out, time_point now);
    void translate(answer_caller& what, flow_actions& out, time_point now);
    void translate(follow_hint& what, flow_actions& out, time_point now);
    static flow_actions translate(search_actions todo);

    flow_actions admit(ticket from, wire::submit what, time_point now);

    std::string group_;
    bool has_database_ = false;
    router router_;
    receipt_search search_;
    write_tally tally_;
    std::optional<lane_id> lane_;
    std::optional<link_id> link_;  ///< The one that is up.
    penholder::actions more_;      ///< What came of actions that could not be carried out.
};

}  // namespace penholder::group
