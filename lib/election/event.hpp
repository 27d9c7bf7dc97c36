#pragma once

#include "group_snapshot.hpp"
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
    retry,     ///< After something failed, before it is tried again.
    comeback,  ///< After the fence could not be raised, before this node is eligible again.
    heir,      ///< The heir that the leader agreed upon takes longer to take over: somebody else has to, or nobody.
    drain,     ///< A drain that takes longer is ended.
    vacancy,   ///< Nobody leads for this long: look again, whoever else ought to act.
    eviction,  ///< No leader was evicted for this long: as many as at first may be evicted again.
};

/// How many timers there are.
inline constexpr std::size_t timers = 6;

/// How the ensemble took what the elector asked for.
enum class answer : std::uint8_t {
    done,
    no_node,
    exists,
    bad_version,
    lost,    ///< The connection went; it may or may not have been carried out.
    failed,  ///< Anything else, such as missing rights.
};

namespace event {

struct session_up {
    std::uint64_t generation = 0;
    std::int64_t session = 0;
};
struct session_suspended {
    std::uint64_t generation = 0;
};
struct session_expired {
    std::uint64_t generation = 0;
};

/// A watch fired.
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

struct looked {
    election::ticket ticket = 0;
    group_snapshot seen;
};

/// To every question; a look is answered so only when it failed.
struct answered {
    election::ticket ticket = 0;
    election::answer what = answer::done;
    std::string why;
};
struct timer_fired {
    election::timer which = timer::retry;
    election::ticket ticket = 0;
};

/// The host: whether its database is reachable and which term it shows there.
struct eligibility {
    bool eligible = false;
};
struct database_term {
    std::uint64_t term = 0;
};
struct fence_raised {
    std::uint64_t term = 0;
};
struct fence_failed {
    std::uint64_t term = 0;
    error why;
    std::optional<std::uint64_t> seen;
};

/// The database refused this node: a newer term stands there.
struct fenced {
    std::uint64_t by = 0;
    std::string leader;
    std::string endpoint;
};
struct drained {
    std::uint64_t term = 0;
};

/// The link to the leader of a term: its process is proven to be gone, or it answers, and whatever was proven was
/// wrong.
struct leader_died {
    process_death proof;
};
struct leader_heard {
    std::uint64_t term = 0;
};
struct resign {};
struct stop {};

}  // namespace event

/// Everything that an elector can be told. Each is legal at any time.
using any_event =
    std::variant<event::session_up, event::session_suspended, event::session_expired, event::leader_changed,
                 event::control_changed, event::self_changed, event::candidate_changed, event::looked, event::answered,
                 event::timer_fired, event::eligibility, event::database_term, event::fence_raised, event::fence_failed,
                 event::fenced, event::drained, event::leader_died, event::leader_heard, event::resign, event::stop>;

}  // namespace penholder::election
