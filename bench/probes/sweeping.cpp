#include "contenders/embedded_nodes.hpp"
#include "probe.hpp"

#include <stdexcept>
#include <string>
#include <thread>

namespace penholder::bench {
namespace {

/// More than can be forgotten in the time.
constexpr int old_keys = 2'000'000;
/// A leader's first sweep comes a minute after its election.
constexpr std::chrono::seconds until_swept{65};

turn write_keyed(servers& on, embedded_nodes& nodes, std::chrono::milliseconds length) {
    const auto what = hot_row();
    what->prepare(on.database());
    course all(what, {.writers = 64, .length = length, .keyed = true});
    write_through(all, nodes, false);
    auto came = all.end();
    const auto wrong = what->problem(on.database(), came.told);
    if (!wrong.empty()) throw std::runtime_error("while keys are forgotten: " + wrong);
    return came;
}

void fill_with_old_keys(servers& on, const std::string& group) {
    on.database().exec(
        "INSERT INTO penholder.keys (grp, key, fingerprint, receipt, term, at) "
        "SELECT '" +
        group +
        "', 'old ' || n, k.fingerprint, k.receipt, k.term, now() - interval '9 days' "
        "FROM generate_series(1, " +
        std::to_string(old_keys) + ") AS n, (SELECT * FROM penholder.keys LIMIT 1) AS k");
    on.database().exec("VACUUM ANALYZE penholder.keys");
    on.database().exec("CHECKPOINT");
}

double old_ones(servers& on) {
    return static_cast<double>(
        on.database().number("SELECT count(*) FROM penholder.keys WHERE at < now() - interval '8 days'"));
}

}  // namespace

/// The same writes through two groups in turn: one has nothing to forget, the other has as much as the sweep can take.
std::vector<figure> sweeping(bool quick) {
    servers on(std::chrono::milliseconds(0));
    embedded_nodes young(on, "young");
    embedded_nodes old(on, "old");
    const std::chrono::milliseconds length(quick ? 3000 : 10000);
    write_keyed(on, young, std::chrono::milliseconds(500));
    fill_with_old_keys(on, old.group());
    std::this_thread::sleep_for(until_swept);

    std::vector<double> shares, forgotten;
    for (int round = 0; round < (quick ? 3 : 5); ++round) {
        const auto without = write_keyed(on, young, length).writes_per_second;
        const auto before = old_ones(on);
        const auto swept = write_keyed(on, old, length);
        const auto left = old_ones(on);
        if (left == 0) throw std::runtime_error("all old keys were forgotten before the turn was over");
        shares.push_back(100 * swept.writes_per_second / without);
        forgotten.push_back((before - left) / static_cast<double>(swept.told.committed));
    }
    return {{"sweeping: keyed writes, of those without", median(std::move(shares)), " %"},
            {"sweeping: keys forgotten for each that is recorded", median(std::move(forgotten)), ""}};
}

}  // namespace penholder::bench
