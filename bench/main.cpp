// Penholder and what people do without it, on the same servers, in turn, each result checked against the database.
#include "base/log.hpp"
#include "contenders/contender.hpp"
#include "probes/probe.hpp"
#include "report/machine.hpp"
#include "report/plots.hpp"
#include "report/text.hpp"
#include "series.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <thread>

namespace penholder::bench {
namespace {

struct wishes {
    effort how;
    double seconds = 3;
    std::vector<std::string> only;
    std::string report;
    bool list = false;
    bool smoke = false;
    bool verbose = false;
};

bool wants(const wishes& wanted, const std::string& name) {
    return wanted.only.empty() || std::ranges::find(wanted.only, name) != wanted.only.end();
}

void list() {
    for (const auto& one : all_series()) fmt::print("{:<16} {}\n", one.name, one.title);
    for (const auto& one : all_probes()) fmt::print("{:<16} {}\n", one.name, one.title);
    fmt::print("\nwith these contenders, where they fit:\n");
    for (const auto& one : all_contenders()) fmt::print("{}\n", one.name);
}

void check_names(const wishes& wanted) {
    for (const auto& name : wanted.only) {
        const auto series = all_series();
        const bool known = std::ranges::find(series, name, &series::name) != series.end() ||
                           std::ranges::find(all_probes(), name, &probe::name) != all_probes().end();
        if (!known) throw std::invalid_argument("there is no '" + name + "'; --list shows what there is");
    }
    for (const auto& name : wanted.how.contenders) {
        const bool known = std::ranges::find(all_contenders(), name, &contender_kind::name) != all_contenders().end();
        if (!known) throw std::invalid_argument("there is no contender '" + name + "'; --list shows who there is");
    }
}

/// Whether anything else keeps this machine busy, over a second in which we do nothing.
double busy_with_others() {
    const auto before = processors_so_far();
    std::this_thread::sleep_for(std::chrono::seconds(1));
    const auto after = processors_so_far();
    return 100 * (after.busy - before.busy) / (after.all - before.all);
}

/// The memory of the node that needed most, whatever the series.
void find_largest_node(results& found) {
    double most = 0;
    for (const auto& one : found.series) {
        for (const auto& at : one.points) {
            for (const auto& what : at.cells) {
                const auto resident = what.observed.find("resident MiB of the largest node");
                if (resident != what.observed.end()) most = std::max(most, resident->second);
            }
        }
    }
    if (most > 0) found.figures.push_back({"full load: resident of the largest node", most, " MiB"});
}

results measure(const wishes& wanted) {
    results found;
    found.machine = describe_machine();
    found.machine.emplace_back("busy with other things before", fmt::format("{:.0f} %", busy_with_others()));
    std::vector<double> paces;
    for (const auto& one : all_series()) {
        if (!wants(wanted, one.name)) continue;
        paces.push_back(pace_of_this_moment());
        auto came = run(one, wanted.how);
        if (!came.points.empty()) found.series.push_back(std::move(came));
    }
    for (const auto& one : all_probes()) {
        if (!wants(wanted, one.name)) continue;
        std::fprintf(stderr, "%s\n", one.title.c_str());
        paces.push_back(pace_of_this_moment());
        std::ranges::move(one.run(wanted.how.quick), std::back_inserter(found.figures));
    }
    find_largest_node(found);
    const auto [slowest, fastest] = std::ranges::minmax(paces);
    found.machine.emplace_back("its pace varied by",
                               fmt::format("{:.0f} %", 100 * (fastest - slowest) / median(paces)));
    return found;
}

void save(const results& found, const std::string& folder) {
    const std::filesystem::path home(folder);
    write_plots(found, home / "benchmarks");
    std::ofstream(home / "benchmarks" / "results.json") << to_json(found);
    replace_results(home / "benchmarks.md", to_markdown(found, "benchmarks"));
}

int run_all(const wishes& wanted) {
    if (wanted.verbose) log().set_level(spdlog::level::info);
    if (wanted.list) return list(), 0;
    check_names(wanted);
    const auto found = wanted.smoke ? results{{}, {run(everything_once(), wanted.how)}, {}} : measure(wanted);
    fmt::print("{}", to_markdown(found, {}));
    if (!wanted.report.empty()) save(found, wanted.report);
    const auto wrong = found.problems();
    for (const auto& one : wrong) std::fprintf(stderr, "WRONG: %s\n", one.c_str());
    return wrong.empty() ? 0 : 1;
}

void settle(wishes& wanted, bool seconds_given) {
    if (wanted.how.quick) wanted.how.rounds = 1;
    if (wanted.smoke) wanted.how.rounds = 1;
    if (!seconds_given && wanted.how.quick) wanted.seconds = 0.4;
    if (!seconds_given && wanted.smoke) wanted.seconds = 0.05;
    wanted.how.length = std::chrono::milliseconds(static_cast<int>(1000 * wanted.seconds));
}

}  // namespace
}  // namespace penholder::bench

int main(int count, char** words) {
    penholder::bench::wishes wanted;
    CLI::App app("Penholder's benchmarks; nothing else should run on the machine meanwhile");
    app.add_option("--rounds", wanted.how.rounds, "rounds, each with every contender")->check(CLI::Range(1, 100));
    const auto* seconds = app.add_option("--seconds", wanted.seconds, "seconds for each contender and round")
                              ->check(CLI::Range(0.01, 600.0));
    app.add_option("--only", wanted.only, "only what has this name; may be repeated");
    app.add_option("--contender", wanted.how.contenders, "only who has this name; may be repeated")->take_all();
    app.add_option("--report", wanted.report,
                   "write results.json and plots into FOLDER/benchmarks, and the tables into FOLDER/benchmarks.md");
    app.add_flag("--quick", wanted.how.quick,
                 "a first look in about two minutes: what the goals need, one short round");
    app.add_flag("--smoke", wanted.smoke, "every contender with every workload for a moment, to see that all work");
    app.add_flag("--list", wanted.list, "show what there is to measure");
    app.add_flag("--verbose", wanted.verbose, "log on stderr what the nodes do");
    CLI11_PARSE(app, count, words);
    try {
        penholder::bench::settle(wanted, seconds->count() > 0);
        return penholder::bench::run_all(wanted);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "penholder_bench: %s\n", problem.what());
        return 1;
    }
}
