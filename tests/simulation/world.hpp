#pragma once

#include "database_server.hpp"
#include "dice.hpp"
#include "ensemble.hpp"
#include "network.hpp"
#include "timeline.hpp"
#include "transcript.hpp"
#include "weather.hpp"
#include "witness.hpp"

namespace penholder::simulation {

/// All that is not a node: time, chance, the ensemble, the database, the network, and who looks on. One for each
/// schedule; the stand-ins for the product's edges find it here.
struct world {
    world(std::uint64_t seed, transcript* into);
    ~world();
    world(const world&) = delete;
    world& operator=(const world&) = delete;

    dice chance;
    weather conditions;
    transcript* told;
    timeline time;
    witness looks_on;
    ensemble znodes;
    database_server database;
    network links;
};

/// The world of the schedule that runs now.
world& the_world() noexcept;

}  // namespace penholder::simulation
