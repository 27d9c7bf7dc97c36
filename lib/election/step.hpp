#pragma once

#include "action.hpp"
#include "model/ids.hpp"

#include <penholder/error.hpp>

#include <string>
#include <variant>

namespace penholder::election {

/// What an elector does next, as it was decided; the elector carries it out.
namespace step {

/// All is as it ought to be, or somebody else has to act.
struct none {};
struct read {
    election::scope scope = scope::partial;
};
/// A question that changes something; its ticket is filled in.
struct ask {
    any_question question;
};
/// Another session has enrolled the own name.
struct wait_for_name {
    error why;
};
/// Nobody leads, and a timer makes sure that this does not stay unnoticed.
struct arm_vacancy {};
/// The leader is to go and nobody can take over: a timer makes it look again.
struct look_again {};
/// Ask to become leader. `evicts`: in the place of one that is proven to be dead.
struct contest {
    bool evicts = false;
};
/// The own session owns the `leader` znode of a term that this node has not led yet: it was elected and did not know.
struct raise_fence {
    penholder::term of{};
};
/// Elected and not serving yet, and has to go.
struct step_down {};
/// Nobody reaches this leader, and nobody else would be reached either, as far as is known: it goes on.
struct stay {};
/// `control` names an heir, which takes over at any moment.
struct wait_for_heir {
    std::string heir;
};
/// Agree in `control` that this heir takes over.
struct name_heir {
    std::string heir;
    bool anybody = false;  ///< It is the next in succession; another would do.
};
/// The leader has to go and has no heir: it finishes what it has begun and gives up.
struct drain {};
/// A handover that cannot be done.
struct refuse {
    error why;
};
/// Everything that was this node's is gone.
struct finish {};

}  // namespace step

using any_step = std::variant<step::none, step::read, step::ask, step::wait_for_name, step::arm_vacancy,
                              step::look_again, step::contest, step::raise_fence, step::step_down, step::stay,
                              step::wait_for_heir, step::name_heir, step::drain, step::refuse, step::finish>;

}  // namespace penholder::election
