#include "run.hpp"

#include "mistakes.hpp"
#include "schedule.hpp"

#include <fmt/format.h>

#include <ctime>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace penholder::simulation {
namespace {

using wall_clock = std::chrono::steady_clock;

constexpr int passed = 0;
constexpr int failed = 1;

double seconds(wall_clock::duration length) {
    return std::chrono::duration<double>(length).count();
}

std::uint64_t draw_base() {
    std::random_device device;
    return std::uint64_t{device()} << 16U;
}

/// One line each: the seed, and what it found. '#' begins a comment.
std::vector<std::uint64_t> recorded_seeds() {
    std::ifstream in(PENHOLDER_SOURCE_DIR "/tests/simulation/seeds.txt");
    std::vector<std::uint64_t> seeds;
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line);
        std::uint64_t seed = 0;
        if (!line.starts_with('#') && words >> seed) seeds.push_back(seed);
    }
    return seeds;
}

/// Runs the seed again, told, and shows both what was broken and how to see it once more.
void show(const verdict& first) {
    const auto again = run_schedule(first.seed, true);
    std::cout << again.transcript << fmt::format("seed {} BROKE: {}\n", first.seed, *first.broken);
    if (again.broken != first.broken || again.steps != first.steps) {
        std::cout << "and it did not run the same way again: " << again.broken.value_or("nothing broken") << "\n";
    }
    std::cout << fmt::format("  tests/simulation/run --seed {} --transcript\n", first.seed)
              << fmt::format("  record it in tests/simulation/seeds.txt with a line of what it found\n");
}

int run_one(std::uint64_t seed, bool transcript) {
    const auto end = run_schedule(seed, transcript);
    std::cout << end.transcript
              << fmt::format("seed {} {}; {} steps, at rest after {:.3f} s\n", seed,
                             end.broken ? "BROKE: " + *end.broken : std::string("is fine"), end.steps,
                             seconds(end.settling));
    return end.broken ? failed : passed;
}

int run_recorded() {
    const auto seeds = recorded_seeds();
    for (const auto seed : seeds) {
        const auto end = run_schedule(seed);
        if (!end.broken) continue;
        show(end);
        return failed;
    }
    std::cout << fmt::format("{} recorded seeds are fine\n", seeds.size());
    return passed;
}

int run_fresh(const orders& wanted) {
    const auto base = wanted.base.value_or(draw_base());
    std::cout << fmt::format("fresh seeds from {} on, for {:.0f} s\n", base, seconds(wanted.longest)) << std::flush;
    const auto began = wall_clock::now();
    std::uint64_t ran = 0;
    std::uint64_t steps = 0;
    duration slowest{};
    for (; ran < wanted.schedules && wall_clock::now() - began < wanted.longest; ++ran) {
        const auto end = run_schedule(base + ran);
        steps += end.steps;
        slowest = std::max(slowest, end.settling);
        if (!end.broken) continue;
        show(end);
        return failed;
    }
    const auto took = seconds(wall_clock::now() - began);
    std::cout << fmt::format("{} schedules are fine: {:.0f} a second, {} steps each, at rest after {:.1f} s at most\n",
                             ran, static_cast<double>(ran) / took, steps / std::max<std::uint64_t>(ran, 1),
                             seconds(slowest));
    return passed;
}

/// The time that this process had a processor: what else the machine does costs no seeds.
std::chrono::duration<double> processor_time() {
    return std::chrono::duration<double>(static_cast<double>(std::clock()) / CLOCKS_PER_SEC);
}

/// The first seed from `base` on that catches the mistake which is made, within so much of the processor's time.
std::optional<verdict> first_catch(std::uint64_t base, std::chrono::milliseconds longest) {
    const auto began = processor_time();
    for (auto seed = base; processor_time() - began < longest; ++seed) {
        auto end = run_schedule(seed);
        if (end.broken) return end;
    }
    return std::nullopt;
}

/// Every seed up to the one that caught a mutation must be fine without it, or it would have caught something else.
int run_mutations(const orders& wanted) {
    const auto base = wanted.base.value_or(1);
    int survivors = 0;
    std::uint64_t most = base;
    const auto all = known_mistakes();
    for (const auto name : all) {
        make_mistake(name);
        const auto began = wall_clock::now();
        const auto caught = first_catch(base, wanted.longest);
        const auto took = seconds(wall_clock::now() - began);
        if (caught) {
            most = std::max(most, caught->seed);
            std::cout << fmt::format("{:<30} {:>6.2f} s, seed {:>6}: {}\n", name, took, caught->seed, *caught->broken);
        } else {
            ++survivors;
            std::cout << fmt::format("{:<30} SURVIVED {:.0f} s of seeds\n", name, took);
        }
        std::cout << std::flush;
    }
    make_mistake({});
    for (auto seed = base; seed <= most; ++seed) {
        const auto end = run_schedule(seed);
        if (!end.broken) continue;
        show(end);
        return failed;
    }
    std::cout << fmt::format("{} mutations, {} survived; without any, all {} seeds are fine\n", all.size(), survivors,
                             most - base + 1);
    return survivors == 0 ? passed : failed;
}

}  // namespace

int carry_out(const orders& wanted) {
    if (wanted.mutations && known_mistakes().empty()) {
        std::cerr << "this program makes no mistakes; simulation_mutants does\n";
        return failed;
    }
    if (wanted.seed) return run_one(*wanted.seed, wanted.transcript);
    if (wanted.mutations) return run_mutations(wanted);
    if (wanted.recorded && run_recorded() != passed) return failed;
    return run_fresh(wanted);
}

}  // namespace penholder::simulation
