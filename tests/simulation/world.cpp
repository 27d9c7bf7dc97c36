#include "world.hpp"

namespace penholder::simulation {
namespace {

world* running_world = nullptr;

}  // namespace

world::world(std::uint64_t seed, transcript* into)
    : chance(seed),
      conditions(chance),
      told(into),
      time(conditions.nodes),
      znodes(conditions.first_sequence),
      elsewhere(0) {
    running_world = this;
    set_present(&time);
    // Two queues. Batches that were lost go back into theirs, and the next one may have been begun already; so do the
    // writes of lost sessions. When the catalogue changes, those of the lane's queue go into the other.
    const auto of_the_lane = conditions.queue_max + 2 * conditions.batch_max;
    observed.bound(2 * of_the_lane + conditions.queue_max + conditions.sessions_max);
    znodes.on_change = [this](const moment& before, const moment& now) { observed.znodes_changed(before, now); };
}

world::~world() = default;

world& the_world() noexcept {
    return *running_world;
}

}  // namespace penholder::simulation
