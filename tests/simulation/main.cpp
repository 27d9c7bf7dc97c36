#include "base/log.hpp"
#include "mistakes.hpp"
#include "run.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <iostream>
#include <string>

using namespace penholder::simulation;

int main(int count, char** arguments) {
    constexpr int wrong_usage = 2;
    CLI::App app("Whole clusters in one thread and virtual time, under faults drawn from seeds");
    orders wanted;
    double minutes = 0;
    std::uint64_t seed = 0;
    std::string mutation;
    app.add_option("--minutes", minutes, "Fresh seeds for so long (1)");
    app.add_option("--schedules", wanted.schedules, "No more fresh seeds than this");
    app.add_option("--base", wanted.base, "The first fresh seed (drawn, and printed)");
    const auto* one = app.add_option("--seed", seed, "This seed only");
    app.add_flag("--transcript", wanted.transcript, "Tell what happens under --seed");
    app.add_flag("--recorded", wanted.recorded, "First the seeds of tests/simulation/seeds.txt");
    app.add_flag("--mutations", wanted.mutations, "Switch on each mutation and demand that a seed catches it");
    app.add_option("--mutation", mutation, "With this mistake, by its name");
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& told) {
        return app.exit(told) == 0 ? 0 : wrong_usage;
    }
    if (minutes > 0) wanted.longest = std::chrono::milliseconds(static_cast<std::int64_t>(minutes * 60'000));
    if (one->count() > 0) wanted.seed = seed;
    if (!make_mistake(mutation)) {
        std::cerr << "mutation '" << mutation << "' is not to be had here; tests/mutants/mutation.cpp lists them, and "
                  << "simulation_mutants makes them\n";
        return wrong_usage;
    }
    penholder::log().set_level(spdlog::level::off);
    return carry_out(wanted);
}
