#pragma once

#include "action.hpp"
#include "candidacy.hpp"
#include "database_monitor.hpp"
#include "event.hpp"
#include "follower_watch.hpp"
#include "handover_waits.hpp"
#include "instant.hpp"
#include "leader_changes.hpp"
#include "leader_link.hpp"
#include "leader_term.hpp"
#include "machine_options.hpp"
#include "write_flow.hpp"

#include <penholder/leadership.hpp>
#include <penholder/status.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace penholder::group {

/// One group at one node: the node's candidacy and its own term as leader, the link to whoever leads, the health of its
/// database, the way of its writes, and what each of these means for the others. An event in, a list of actions out:
/// no socket, clock, thread or lock. Owned by a shell, which carries the actions out in order, on one thread.
///
/// Calls: `event::start` first, once; then any event, at any time, each after the actions of the one before were
/// carried out (their own consequences wait until then); `event::time_passed` when `next_deadline()` has come. Nothing
/// has an effect after `action::stopped`, except that peers' writes still get their answers.
///
/// Always holds: the lane is open only between the raising of the fence and the end of the term; writes go to the lane
/// only while this node leads, and over the link only while that is up and to the leader that the router was told of.
class group_machine {
public:
    group_machine(machine_options options, time_point now);

    actions on(any_event what, const instant& now);

    /// When `time_passed` wants to be told; may be earlier than needed, never later.
    std::optional<time_point> next_deadline() const;

    const leadership& current() const noexcept { return now_; }
    /// Not between election and serving: who comes early waits for its welcome until the fence is raised.
    bool accepts_links() const noexcept { return now_.role != role::fencing; }
    /// What keeps the node from its work; nothing when all is well.
    std::optional<error> trouble() const;
    /// All but what only the shell knows: members, links, the lane's queue, the link's last contact.
    group_status status() const;

private:
    enum class stage : std::uint8_t { running, stopping, left, stopped };

    void take(event::start what);
    void take(event::retire) { tell_elector(election::event::retire{}); }
    void take(event::stop what);
    void take(event::close what);
    void take(event::time_passed what);
    void take(event::ensemble what);
    void take(event::znode_changed what);
    void take(event::handover what);
    void take(event::handover_requested what);
    void take(event::resign what);
    void take(event::link_up what);
    void take(event::link_lost what);
    void take(event::lane_opened what);
    void take(event::lane_first_commit what);
    void take(event::lane_lost what);
    void take(event::lane_fenced what);
    // What one part alone takes in; everything else is about writes and receipts.
    void take(event::members_changed what) { follow_up_each(followers_.enrolled(what.enrolled, at_.steady)); }
    void take(event::followers_linked what) { follow_up_each(followers_.linked(what.links, at_.steady)); }
    void take(event::database_probed what) {
        follow_up_each(monitor_.probed(what.seen, at_.steady, candidacy_.patience()));
    }
    void take(event::fence_answered what) { follow_up_each(term_.fence_answered(what.term, what.answer)); }
    void take(event::lane_drained what) { follow_up_each(term_.lane_drained(what.lane)); }
    template <class Event>
    void take(Event what) {
        follow_up_each(writes_.on(std::move(what), at_.steady));
    }

    // Consequences of one part for the others.
    void follow_up(election::any_event what) { tell_elector(std::move(what)); }
    void follow_up(leadership_changed what);
    void follow_up(elected what);
    void follow_up(drain_wanted what);
    void follow_up(handover_refused what);
    void follow_up(election_left what);
    void follow_up(fence_held what);
    void follow_up(fence_refused what);
    void follow_up(term_drained what);
    void follow_up(leader_linked what);
    void follow_up(leader_unlinked what);
    void follow_up(leader_dead what);
    void follow_up(leader_hinted what);
    void follow_up(eligibility_changed what) { tell_elector(election::event::eligibility{what.eligible}); }
    void follow_up(fence_seen what);
    void follow_up(database_identified what);
    /// What concerns no other part is the shell's.
    template <class Action>
    void follow_up(Action what) {
        out_.push_back(std::move(what));
    }
    template <class List>
    void follow_up_each(List list) {
        for (auto& one : list) std::visit([this](auto& what) { follow_up(std::move(what)); }, one);
    }
    void answer(handover_waits::answers told);

    void begin_leading();
    void end_leading();
    void follow(const link_target& leader);
    void wait_for(const leadership& next);
    void tell_elector(election::any_event what);
    void tell_change(std::optional<time_point> first_write);
    void close();
    error leaving() const;
    bool owns(lane_id which) const noexcept { return term_.lane() == which; }

    machine_options options_;
    candidacy candidacy_;
    leader_term term_;
    leader_link link_;
    follower_watch followers_;
    database_monitor monitor_;
    write_flow writes_;
    handover_waits waits_;
    leader_changes changes_;
    leadership now_;  ///< As it was reported last: what the parts were told of.
    stage stage_ = stage::running;
    instant at_;  ///< Of the event that is handled.
    std::vector<election::any_event> for_elector_;
    actions out_;
};

}  // namespace penholder::group
