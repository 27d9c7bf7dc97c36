#pragma once

#include "armed_timers.hpp"
#include "elector_options.hpp"
#include "eviction_budget.hpp"
#include "fence_backoff.hpp"
#include "followed_leader.hpp"
#include "home_database.hpp"
#include "inquiry.hpp"
#include "known_group.hpp"
#include "outbox.hpp"
#include "own_leadership.hpp"
#include "own_turn.hpp"
#include "rival_leader.hpp"
#include "session_state.hpp"
#include "unreached_leader.hpp"

#include <penholder/error.hpp>
#include <penholder/leadership.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace penholder::election {

/// Everything that an elector remembers, and what follows from it. The parts keep their own invariants; this adds only
/// questions that need several of them. Owned by the elector, which alone changes it.
struct elector_state {
    explicit elector_state(elector_options options);

    const group_snapshot& seen() const noexcept { return group.seen(); }
    bool eligible() const;
    /// The host, or operators, want others to lead.
    bool retires() const { return retiring || seen().control.drains(who.node); }
    candidate_record candidacy() const { return {who.node, who.priority, eligible(), unreached.is_active()}; }

    /// The own session owns the `leader` znode, whatever this node made of that so far.
    bool owns_leader() const noexcept { return seen().leader_owned_by(session.id()); }
    bool is_target() const { return seen().handover_target() == who.node; }
    bool leader_agreed() const noexcept { return !owns_leader() && seen().leader_agreed_to(who.node); }
    bool leader_is_dead() const noexcept { return death && !owns_leader() && seen().leader_is(*death); }

    /// This node follows, and is the one that acts when the leader goes.
    bool is_next() const { return !own.leads() && (group.is_first() || is_target()); }
    /// It is next, or those ahead of it had their time.
    bool is_its_turn() const { return is_next() || (!own.leads() && turn.has_come()); }
    /// Others are to take over a vacancy first, and this node would do it in their place.
    bool waits_for_others() const;
    /// Nobody leads, or the one that does may be followed at once.
    bool is_vacant() const noexcept;
    /// The own name is that of another process which listened where this one listens now, so it is gone.
    bool earlier_life_is_over() const noexcept;
    /// So long this node can wait for news of who leads, unless it is told otherwise, since so many are to lead before
    /// it. Where a thousand nodes read at once, those who need to know wait for all the others.
    /// 0 where it cannot.
    std::chrono::milliseconds patience() const;
    /// The leader is dead, and this node would evict it if it had not evicted enough.
    bool withholds_eviction() const;

    // The session.

    void connected(std::uint64_t generation, std::int64_t session_id);
    /// Requires a session.
    void suspended();
    void overdue();  ///< The same, and it may be over for all that is known.
    void expired(std::uint64_t generation);

    leadership now() const;
    std::string leader_since() const;  ///< Empty when unknown.
    /// What keeps this node from taking part. The present leadership has been reported before.
    std::optional<error> trouble() const;

    elector_options who;
    session_state session;
    election::inquiry inquiry;
    armed_timers timers;
    known_group group;
    own_leadership own;
    followed_leader other;
    term highest;                        ///< The highest term seen anywhere.
    std::optional<process_death> death;  ///< Of the leader last seen, or of one that the ensemble has not shown yet.
    eviction_budget evictions;
    election::fence_backoff fence_backoff;
    rival_leader rival;
    unreached_leader unreached;
    own_turn turn;
    home_database database;
    bool host_eligible;
    bool retiring = false;
    bool stopping = false;
    outbox out;

private:
    bool may_act() const;
    void forget_session();
    role own_role() const;
};

}  // namespace penholder::election
