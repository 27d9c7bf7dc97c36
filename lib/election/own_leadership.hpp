#pragma once

#include "model/ids.hpp"

#include <string>
#include <variant>

namespace penholder::election {

/// What this node is in its group, with the data that each has.
namespace own_state {

/// It leads nothing: it follows, observes, or has not even enrolled.
struct following {
    term last_led{};          ///< The newest term that it led and leads no more; 0 without one.
    bool had_served = false;  ///< Whether the fence was raised in that one.
};
/// Elected, and the fence is about to be raised.
struct fencing {
    penholder::term term;
    bool confirmed = false;  ///< The own `leader` znode was seen, or made, since the last disconnect.
};
/// The database takes its writes and nobody else's, whatever `leader` says.
struct serving {
    penholder::term term;
    bool confirmed = false;
    bool declared = false;         ///< The own `leader` znode says that it serves.
    bool resigning = false;        ///< Asked to hand over to anybody.
    bool unreached = false;        ///< No follower reaches it: to hand over to one that others may reach.
    std::string heir{};            ///< Named, and about to take over; empty without one.
    std::string heir_timed_out{};  ///< Was named, and did not take over in time.
};
/// Has to go, has no heir, and finishes what it has begun.
struct draining {
    serving led;
    bool finished = false;
};
/// Has left the group for good.
struct stopped {};

}  // namespace own_state

/// This node's own leadership from the election to its end. Exactly one state holds at a time; what a state does not
/// have cannot be set. Calls name the state that they require; those without a requirement do nothing where they do not
/// apply. Owned by the elector.
class own_leadership {
public:
    bool leads() const noexcept { return is<own_state::fencing>() || serves(); }
    bool is_fencing() const noexcept { return is<own_state::fencing>(); }
    bool serves() const noexcept { return is<own_state::serving>() || is<own_state::draining>(); }
    bool is_stopped() const noexcept { return is<own_state::stopped>(); }

    /// The term that it leads, else the last that it led.
    penholder::term term() const noexcept;
    bool leads_term(penholder::term which) const noexcept { return leads() && term() == which; }
    bool is_confirmed() const noexcept;
    /// It serves, and its `leader` znode does not say so.
    bool is_undeclared() const noexcept;
    /// It serves, or served in the term that it led last.
    bool has_served() const noexcept;

    /// The data while it serves, draining or not; null otherwise.
    const own_state::serving* serving() const noexcept;
    const own_state::draining* draining() const noexcept { return std::get_if<own_state::draining>(&state_); }

    /// Requires that it leads nothing, and a term that is not older than the last one.
    void elected(penholder::term now, bool confirmed);
    /// True where it was fencing for that term: from here on it serves.
    bool fence_raised(penholder::term which);
    void confirm(bool seen_or_made);
    void declared(bool says_so);
    /// Leads nothing from here on.
    void step_down();

    // While it serves.

    void resign();
    /// Hand over where somebody else might be reached, or no more.
    void set_unreached(bool is);
    /// Requires that it serves.
    void name_heir(std::string node);
    /// The heir, where there is one, did not take over in time.
    void heir_timed_out();
    /// The request to hand over was refused or withdrawn.
    void forget_handover();
    /// Requires that it serves and does not drain yet.
    void begin_drain();
    /// True where it was draining and had not finished.
    bool drained();

    void stop();

private:
    template <class State>
    bool is() const noexcept {
        return std::holds_alternative<State>(state_);
    }
    own_state::serving* serving_data() noexcept { return const_cast<own_state::serving*>(serving()); }

    std::variant<own_state::following, own_state::fencing, own_state::serving, own_state::draining, own_state::stopped>
        state_;
};

}  // namespace penholder::election
