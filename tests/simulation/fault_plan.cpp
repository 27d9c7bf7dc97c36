#include "fault_plan.hpp"

#include <algorithm>

namespace penholder::simulation {
namespace {

using namespace std::chrono_literals;

/// A chance that is nothing in many worlds and something in others.
int sometimes(random_numbers& chance, int most) {
    return chance.one_in(2) ? 0 : chance.between(1, most);
}

std::int32_t draw_first_sequence(random_numbers& chance) {
    switch (chance.below(4)) {
        case 0: return 2147483645;
        case 1: return -3;
        default: return 0;
    }
}

}  // namespace

fault_plan::fault_plan(random_numbers& chance) {
    quiet = chance.one_in(8);
    for (auto& weight : weights) {
        weight = quiet ? 0 : sometimes(chance, 8);
        weight_sum += weight;
    }
    for (auto& weight : modes) {
        weight = sometimes(chance, 4);
        modes_sum += weight;
    }
    writes = chance.between(8, 24);
    storm = chance.between(600ms, 2500ms);
    between_faults = chance.between(25ms, 250ms);
    link_latency = chance.between(50us, 3000us);
    ensemble_latency = chance.between(200us, 5000us);
    database_latency = chance.between(30us, 3000us);
    ensemble_lag = chance.one_in(2) ? 0us : chance.between(0us, 200'000us);
    pause_at_a_step = sometimes(chance, 3);
    reply_lost = sometimes(chance, 30);
    commit_reply_lost = sometimes(chance, 100);
    commit_slow = sometimes(chance, 100);
    conflict = sometimes(chance, 60);
    statement_slow = sometimes(chance, 60);
    request_slow = sometimes(chance, 60);
    read_torn = sometimes(chance, 300);
    leader_removed = sometimes(chance, 400);
    late_callback = sometimes(chance, 500);
    batch_max = static_cast<std::size_t>(chance.one_in(3) ? 1 : chance.between(2, 16));
    queue_max = static_cast<std::size_t>(chance.one_in(3) ? chance.between(1, 3) : 64);
    pending_max = static_cast<std::size_t>(chance.one_in(3) ? chance.between(1, 4) : 64);
    window = static_cast<std::size_t>(chance.one_in(3) ? chance.between(1, 3) : 64);
    session_timeout_ms = chance.between(200, 900);
    first_sequence = draw_first_sequence(chance);
    process_deaths = !chance.one_in(4);
    most_evictions = static_cast<std::size_t>(chance.between(1, 5));
    priorities = chance.one_in(3) ? 2 : 1;
    sessions_max = static_cast<std::size_t>(chance.between(1, 4));
    commit_fails = sometimes(chance, 60);
    errand_lost = sometimes(chance, 900);
    unreachable = chance.one_in(6) ? chance.between(1, nodes) : 0;
    if (quiet) calm();
}

/// Nothing stands in a write's way but other writes.
void fault_plan::calm() {
    pause_at_a_step = reply_lost = commit_reply_lost = commit_slow = commit_fails = errand_lost = 0;
    conflict = statement_slow = 0;
    request_slow = read_torn = leader_removed = late_callback = 0;
    unreachable = 0;
    queue_max = pending_max = window = 64;
    sessions_max = std::max<std::size_t>(sessions_max, 2);
}

fault fault_plan::next_fault(random_numbers& chance) const {
    int left = chance.below(weight_sum);
    for (std::size_t kind = 0; kind < fault_kinds; ++kind) {
        left -= weights[kind];
        if (left < 0) return static_cast<fault>(kind);
    }
    return fault::kill;
}

/// Half of all writes are good.
write_mode fault_plan::next_mode(random_numbers& chance) const {
    if (modes_sum == 0 || chance.one_in(2)) return write_mode::good;
    int left = chance.below(modes_sum);
    for (std::size_t mode = 0; mode < modes.size(); ++mode) {
        left -= modes.at(mode);
        if (left < 0) return static_cast<write_mode>(mode);
    }
    return write_mode::good;
}

}  // namespace penholder::simulation
