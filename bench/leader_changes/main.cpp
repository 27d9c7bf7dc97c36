// How long writes pause when the leader goes, as clients of followers see it; and how long Curator's LeaderLatch takes
// to name the next leader on the same ensemble under the same signals.
#include "leader_changes/latch.hpp"
#include "leader_changes/plot.hpp"
#include "leader_changes/stage.hpp"
#include "postgres/schema.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>
#include <exception>
#include <functional>
#include <map>

namespace penholder::bench {
namespace {

struct wishes {
    std::size_t runs = 50;
    int session_ms = 6000;
    std::vector<std::string> kinds{"sigkill", "sigterm",       "handover",     "sigstop",
                                   "quorum",  "latch-sigkill", "latch-sigterm"};
    std::string svg = "failover.svg";
    bool no_fsync = false;
};

const std::map<std::string, departure> departures{{"sigkill", departure::sigkill},
                                                  {"sigterm", departure::sigterm},
                                                  {"handover", departure::handover},
                                                  {"sigstop", departure::sigstop},
                                                  {"quorum", departure::quorum}};
const std::map<std::string, int> latch_signals{
    {"latch-sigkill", SIGKILL}, {"latch-sigterm", SIGTERM}, {"latch-sigstop", SIGSTOP}};

pauses measure(
    const std::string& kind, std::size_t runs, const std::function<double()>& once,
    const std::function<std::string()>& details = [] { return std::string(); }) {
    pauses measured{kind, {}};
    for (std::size_t run = 0; run < runs; ++run) {
        measured.ms.push_back(once());
        std::fprintf(stderr, "%s %zu of %zu: %.1f ms  %s\n", kind.c_str(), run + 1, runs, measured.ms.back(),
                     details().c_str());
    }
    return measured;
}

void prepare(testing::postgres_server& postgres) {
    postgres.create_database("failover");
    if (auto made = postgres::init_schema(postgres.conninfo("failover")); !made) throw exception(made.error());
    postgres.exec("CREATE TABLE hot (id int PRIMARY KEY, n bigint NOT NULL)", "failover");
    postgres.exec("INSERT INTO hot VALUES (1, 0)", "failover");
}

std::vector<pauses> measure_penholder(const wishes& wanted, testing::zookeeper_ensemble& ensemble) {
    std::vector<pauses> all;
    testing::postgres_server postgres({.fsync = !wanted.no_fsync, .settings = {}});
    prepare(postgres);
    failover_stage stage(ensemble, postgres, wanted.session_ms);
    for (const auto& kind : wanted.kinds) {
        const auto how = departures.find(kind);
        if (how == departures.end()) continue;
        postgres.exec("VACUUM hot", "failover");
        all.push_back(measure(
            kind, wanted.runs, [&] { return stage.pause(how->second); }, [&] { return stage.timeline(); }));
    }
    return all;
}

std::vector<pauses> measure_latch(const wishes& wanted, testing::zookeeper_ensemble& ensemble) {
    std::vector<pauses> all;
    std::unique_ptr<latch_stage> stage;
    for (const auto& kind : wanted.kinds) {
        const auto signal = latch_signals.find(kind);
        if (signal == latch_signals.end()) continue;
        if (!stage) stage = std::make_unique<latch_stage>(ensemble, wanted.session_ms);
        all.push_back(measure(kind, wanted.runs, [&] { return stage->pause(signal->second); }));
    }
    return all;
}

int run(const wishes& wanted) {
    testing::zookeeper_ensemble ensemble;
    auto all = measure_penholder(wanted, ensemble);
    std::ranges::move(measure_latch(wanted, ensemble), std::back_inserter(all));
    for (const auto& one : all) print(one);
    plot(wanted.svg, all);
    std::printf("the distributions are drawn in %s\n", wanted.svg.c_str());
    return 0;
}

}  // namespace
}  // namespace penholder::bench

int main(int count, char** words) {
    penholder::bench::wishes wanted;
    CLI::App app("How long writes pause when the leader goes; nothing else should run on the machine meanwhile");
    app.add_option("--runs", wanted.runs, "departures of each kind")->check(CLI::Range(1, 10000));
    app.add_option("--session-ms", wanted.session_ms, "session time-out")->check(CLI::Range(400, 60000));
    app.add_option("--kinds", wanted.kinds, "which, in this order")
        ->delimiter(',')
        ->check(CLI::IsMember({"sigkill", "sigterm", "handover", "sigstop", "quorum", "latch-sigkill", "latch-sigterm",
                               "latch-sigstop"}));
    app.add_flag("--no-fsync", wanted.no_fsync, "PostgreSQL without fsync: what is left is not the disk");
    app.add_option("--svg", wanted.svg, "where to draw the distributions");
    CLI11_PARSE(app, count, words);
    try {
        return penholder::bench::run(wanted);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "failover: %s\n", problem.what());
        return 1;
    }
}
