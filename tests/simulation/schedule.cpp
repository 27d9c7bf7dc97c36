#include "schedule.hpp"

#include "clients.hpp"
#include "faults.hpp"
#include "fleet.hpp"
#include "world.hpp"

namespace penholder::simulation {
namespace {

using namespace std::chrono_literals;

/// After the last fault: sessions end, penalties pass, connections are made again.
constexpr auto patience = 4500ms;
constexpr auto between_looks = 25ms;

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
