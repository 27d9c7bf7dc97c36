#pragma once

#include "group_snapshot.hpp"
#include "model/ids.hpp"
#include "model/lineage.hpp"
#include "process_death.hpp"

#include <penholder/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace penholder::election {

/// Names a question that the elector asked, and a timer that it armed; an answer to an older one is dropped.
using ticket = std::uint64_t;

enum class timer : std::uint8_t {
    retry,          ///< After something failed, before it is tried again.
    fence_backoff,  ///< After the fence could not be raised, before this node is eligible again.
    heir,           ///< The heir that the leader agreed upon did not take over in time.
    drain,          ///< A drain that takes longer is ended.
    turn,           ///< Those ahead in the succession had their time to take over a vacancy: it is this node's turn.
    vacancy,        ///< Nobody leads for this long: the group is read again, whoever else ought to act.
    eviction,       ///< No leader was evicted for this long: the whole budget of evictions is there again.
    rival,          ///< The pause that a rival on another ensemble costs is over.
    peace,          ///< No rival fenced this node off for so long that the pauses begin anew.
    unreached,      ///< The pause of a leader that nobody reached is over; and then, that it was for a while.
    news,           ///< Those who need to know who leads have read that; the others read it now.
};

/// How many timers there are.
inline constexpr std::size_t timers = 11;

/// How the ensemble took what the elector asked for.
enum class ensemble_reply : std::uint8_t {
    done,
    no_node,
    exists,
    bad_version,
    lost,    ///< The connection went; it may or may not have been carried out.
    failed,  ///< Anything else, such as missing rights.
};

namespace event {

// The session. Events of an older generation of its handle are dropped.

struct session_up {
    std::uint64_t generation = 0;
    std::int64_t session = 0;
};
struct session_suspended {
    std::uint64_t generation = 0;
};
/// The ensemble has answered nothing for longer than the session's time-out. No proof that the session is over.
struct session_overdue {
    std::uint64_t generation = 0;
};
struct session_expired {
    std::uint64_t generation = 0;
};

// A watch fired.

struct leader_changed {
    std::uint64_t generation = 0;
};
struct control_changed {
    std::uint64_t generation = 0;
};
struct self_changed {
    std::uint64_t generation = 0;
};
struct candidate_changed {
    std::uint64_t generation = 0;
    std::string znode;
};

// Answers to questions, and timers.

/// Answers `action::read`.
struct snapshot_read {
    election::ticket ticket = 0;
    group_snapshot seen;
};

/// Answers every other question, and a read that failed.
struct answered {
    election::ticket ticket = 0;
    ensemble_reply reply = ensemble_reply::done;
    std::string reason;  ///< For people, where it is not `done`.
};
struct timer_fired {
    election::timer which = timer::retry;
    election::ticket ticket = 0;
};

// The host.

/// Whether this node could lead: its database is reachable.
struct eligibility {
    bool eligible = false;
};
/// Which database this node has; empty where it could not be asked.
struct database_found {
    std::string identity;
};
/// The term that the database's fence shows.
struct database_term {
    penholder::term term{};
};
/// Answers `action::raise_fence`; told again where the fence of that term was raised anew, on a server that was
/// promoted.
struct fence_raised {
    penholder::term term{};
    log_position at{};  ///< Unknown without a database.
};
/// Answers `action::raise_fence`; `seen` is the term in the database that stood in the way.
struct fence_failed {
    penholder::term term{};
    error why;
    std::optional<penholder::term> seen{};
};
/// The database refused this node: a newer term stands there. Leader and endpoint may be empty when unknown.
struct fenced {
    penholder::term by{};
    std::string leader;
    std::string endpoint;
};
/// Answers `action::drain`.
struct drained {
    penholder::term term{};
};
/// The link to the leader proves that its process is gone.
struct leader_died {
    process_death proof;
};
/// The leader of `term` answers: whatever was proven of it was wrong.
struct leader_heard {
    penholder::term term{};
};
/// No follower has linked to this node while it leads, for a while; told again where that stays so.
struct unreached {};
/// A follower has linked to this node, which leads.
struct reached {};
/// Something waits for the leader: what was put off is read now.
struct leader_wanted {};
/// Hand over to the next in succession and stay in the group.
struct resign {};
/// Stay in the group, lead nothing that another one can lead, and do not stand for it any more.
struct retire {};
/// Hand over or give up what is led, then leave the group.
struct stop {};

}  // namespace event

/// Everything that an elector can be told. Each is legal at any time.
using any_event =
    std::variant<event::session_up, event::session_suspended, event::session_overdue, event::session_expired,
                 event::leader_changed, event::control_changed, event::self_changed, event::candidate_changed,
                 event::snapshot_read, event::answered, event::timer_fired, event::eligibility, event::database_found,
                 event::database_term, event::fence_raised, event::fence_failed, event::fenced, event::drained,
                 event::leader_died, event::leader_heard, event::unreached, event::reached, event::leader_wanted,
                 event::resign, event::retire, event::stop>;

}  // namespace penholder::election
