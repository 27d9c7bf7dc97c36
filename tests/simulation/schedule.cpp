#include "schedule.hpp"

#include "clients.hpp"
#include "faults.hpp"
#include "fleet.hpp"
#include "world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace penholder::simulation {
namespace {

using namespace std::chrono_literals;

/// After the last fault: sessions end, penalties pass, connections are made again.
constexpr auto patience = 4500ms;
constexpr auto between_looks = 25ms;

/// Less than the time that a successor is given before the next one's turn.
constexpr auto at_once = 480ms;
/// What the second in succession leaves to the first, and to one more that it does not know to be gone, by the slowest
/// clock.
constexpr auto turn_of_the_second = 1150ms;

/// The first in succession may not know yet that it is, because a request that named another was withdrawn or somebody
/// further ahead has gone: then it waits for its turn. In the few seeds that mistakes are caught with, nobody does; but
/// an answer of the ensemble may take its time.
#ifdef PENHOLDER_MUTATIONS
constexpr auto limit_of_the_first = at_once + 400ms;
#else
constexpr auto limit_of_the_first = at_once + turn_of_the_second;
#endif

/// Who cannot act when the leader has died.
enum class failing : std::uint8_t { nobody_else, successor_dies, successor_freezes, successor_is_drained };

/// One world with its nodes and clients, from the first moment to the last.
class course {
public:
    course(std::uint64_t seed, transcript* into) : world_(seed, into), clients_(fleet_), faults_(fleet_) {
        world_.observed.watch(clients_);
        fleet_.on_gone = [this](int place) {
            clients_.process_gone(place);
            faults_.come_back(place);
        };
    }

    verdict run(std::uint64_t seed) {
        verdict outcome{seed, {}, {}, 0, {}};
        const auto storm_ends = present().now() + world_.conditions.storm;
        for (int place = 1; place <= fleet_.size(); ++place) {
            present().after(world_.chance.between(0us, 20'000us), [this, place] { fleet_.start(place); });
        }
        clients_.begin(world_.conditions.writes, storm_ends + 200ms);
        faults_.begin(storm_ends);
        proceed(storm_ends, outcome);
        faults_.mend_everything();
        settle(outcome);
        if (!world_.observed.violation()) succeed(outcome);
        outcome.broken = world_.observed.violation();
        return outcome;
    }

private:
    void proceed(time_point end, verdict& outcome) {
        while (!world_.observed.violation() && world_.time.step(end)) ++outcome.steps;
    }

    void settle(verdict& outcome) {
        const auto began = present().now();
        std::optional<std::string> missing = "nothing";
        for (auto looks = began + 250ms; missing && looks <= began + patience; looks += between_looks) {
            proceed(looks, outcome);
            if (world_.observed.violation()) return;
            missing = fleet_.unsettled();
            if (!missing && !clients_.satisfied()) missing = clients_.unsatisfied();
        }
        outcome.settling = present().now() - began;
        if (missing) world_.observed.violated("when all is mended it comes to rest: " + *missing);
    }

    /// All is at rest: the leader's process dies. Whoever is next takes over, from the proof of the death or the end of
    /// the session on, at the latest at its turn: it may not know yet that those ahead of it are gone. Where that one
    /// dies too, is frozen, may evict nobody any more, or is to lead nothing, the one behind it does when its turn has
    /// come.
    void succeed(verdict& outcome) {
        const auto leads = fleet_.leader();
        const auto behind = fleet_.successors();
        const auto trial = static_cast<failing>(world_.chance.below(4));
        const bool heir_fails = trial != failing::nobody_else;
        const auto last_term = world_.observed.highest_term();
        const bool somebody_follows_already = world_.database.committed().fence.term.value != last_term;
        if (somebody_follows_already || behind.size() < (heir_fails ? 2U : 1U)) return;
        if (trial == failing::successor_is_drained) {
            constexpr auto until_all_have_seen_it = 500ms;
            faults_.drain(behind.front());
            proceed(present().now() + until_all_have_seen_it, outcome);
        }
        if (world_.observed.violation() || !leads || fleet_.leader() != leads) return;
        const auto began = present().now();
        tell("world", "the leader dies{}", heir_fails ? ", and the one behind it does nothing" : "");
        fleet_.kill(*leads);
        if (trial == failing::successor_dies) fleet_.kill(behind.front());
        if (trial == failing::successor_freezes) freeze(behind.front());
        const auto at_its_turn = at_once + turn_of_the_second;
        auto heir_gone_since = began;
        const auto session = std::chrono::milliseconds(world_.conditions.session_timeout_ms);
        for (auto looks = began; looks <= began + session + at_its_turn + between_looks; looks += between_looks) {
            proceed(looks, outcome);
            if (world_.observed.violation()) return;
            const bool heir_is_gone = !std::ranges::count(fleet_.successors(), behind.front());
            if (!heir_is_gone) heir_gone_since = looks;
            if (world_.observed.highest_term() == last_term) continue;
            const auto vacant_since = std::max(began, world_.observed.vacant_since());
            const auto since = heir_is_gone ? std::max(vacant_since, heir_gone_since) : vacant_since;
            const bool by_the_first = world_.observed.last_leader() == name_of(behind.front());
            if (by_the_first && trial == failing::successor_is_drained) {
                world_.observed.violated("who is drained is not elected where others can lead");
            }
            const auto limit = between_looks + (by_the_first || heir_is_gone ? limit_of_the_first : at_its_turn);
            if (looks - since > limit) violated_by_waiting(looks - since);
            return;
        }
        violated_by_waiting(session + at_its_turn);
    }

    /// The node decides nothing any more, and its session lives on: the ensemble's client has threads of its own.
    void freeze(int place) {
        constexpr auto beyond_the_end = 10s;
        world_.time.pause(place, present().now() + beyond_the_end);
        world_.links.process_paused(place, beyond_the_end);
    }

    void violated_by_waiting(duration so_long) {
        world_.observed.violated(fmt::format("whoever can lead takes over: nobody did for {} ms after the leader's end",
                                             std::chrono::duration_cast<std::chrono::milliseconds>(so_long).count()));
    }

    world world_;
    fleet fleet_;
    clients clients_;
    faults faults_;
};

}  // namespace

verdict run_schedule(std::uint64_t seed, bool told) {
    transcript into;
    auto outcome = course(seed, told ? &into : nullptr).run(seed);
    outcome.transcript = into.text();
    return outcome;
}

}  // namespace penholder::simulation
