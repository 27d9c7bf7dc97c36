#pragma once

#include "database_server.hpp"
#include "ensemble.hpp"
#include "fault_plan.hpp"
#include "history.hpp"
#include "network.hpp"
#include "random.hpp"
#include "timeline.hpp"
#include "transcript.hpp"

namespace penholder::simulation {

/// All that is not a node: time, chance, the ensemble, the database, the network, and who looks on. One for each
/// schedule; the shells of nodes find it here.
struct world {
    world(std::uint64_t seed, transcript* into);
    ~world();
    world(const world&) = delete;
    world& operator=(const world&) = delete;

    random_numbers chance;
    fault_plan conditions;
    transcript* told;
    timeline time;
    history observed;
    ensemble znodes;
    ensemble elsewhere;  ///< Another ensemble, to which somebody may point a node by mistake.
    database_server database;
    network links;
};

/// The world of the schedule that runs now.
world& the_world() noexcept;

}  // namespace penholder::simulation
