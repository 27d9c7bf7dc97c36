// One hot row, written by 64 writers: directly, as most services do, and through Penholder's followers. Every contender
// runs in every round, in turn, on the same servers; each result is checked against the database.
#include "base/log.hpp"
#include "ground.hpp"
#include "postgres/schema.hpp"
#include "report.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <functional>

namespace penholder::bench {

options ground::node_options(std::size_t index) const {
    options settings;
    settings.name = "bench-" + std::to_string(index + 1);
    settings.zookeeper.hosts = ensemble.connect_string();
    settings.link.secret = "bench";
    auto& group = settings.groups.emplace_back();
    group.name = "bench";
    group.database = postgres.conninfo(database);
    return settings;
}

std::int64_t ground::hot_row() const {
    return -postgres.exec("SELECT n FROM hot WHERE id = 1", database)[0][0].as<std::int64_t>();
}

namespace {

struct wishes {
    int rounds = 3;
    int seconds = 5;
    std::size_t writers = 64;
    std::size_t handovers = 20;
    int idle_seconds = 10;
    std::string json;
    bool verbose = false;
};

struct entry {
    std::string name;
    std::function<run_result(const ground&)> run;
};

std::vector<entry> entries(const wishes& wanted) {
    const auto n = wanted.writers;
    return {
        {std::to_string(n) + " direct connections, autocommit", [n](const ground& on) { return direct_writes(on, n); }},
        {"1 direct connection, autocommit", [](const ground& on) { return direct_writes(on, 1); }},
        {std::to_string(n) + " writers through followers",
         [n](const ground& on) { return forwarded_writes(on, n, false); }},
        {std::to_string(n) + " writers through followers, keyed",
         [n](const ground& on) { return forwarded_writes(on, n, true); }},
        {"1 writer through a follower", [](const ground& on) { return forwarded_writes(on, 1, false); }}};
}

int run(const wishes& wanted) {
    if (wanted.verbose) log().set_level(spdlog::level::info);
    testing::zookeeper_ensemble ensemble;
    testing::postgres_server postgres({.fsync = true, .settings = {{"max_connections", "200"}}});
    postgres.create_database("bench");
    if (auto made = postgres::init_schema(postgres.conninfo("bench")); !made) throw exception(made.error());
    postgres.exec("CREATE TABLE hot (id int PRIMARY KEY, n bigint NOT NULL)", "bench");
    postgres.exec("INSERT INTO hot VALUES (1, 0)", "bench");
    const ground on{ensemble, postgres, "bench", std::chrono::seconds(wanted.seconds)};

    std::vector<contender> contenders;
    for (const auto& one : entries(wanted)) contenders.push_back({one.name, {}});
    for (int round = 0; round < wanted.rounds; ++round) {
        for (std::size_t i = 0; i < contenders.size(); ++i) {
            std::fprintf(stderr, "round %d of %d: %s\n", round + 1, wanted.rounds, contenders[i].name.c_str());
            postgres.exec("VACUUM hot", "bench");
            contenders[i].rounds.push_back(entries(wanted)[i].run(on));
        }
    }
    std::fprintf(stderr, "handovers under load\n");
    const auto pauses = handover_pauses(on, 16, wanted.handovers);
    std::fprintf(stderr, "idle nodes\n");
    const auto idle = idle_footprints(on, std::chrono::seconds(wanted.idle_seconds));
    print(contenders, pauses, idle);
    if (!wanted.json.empty()) save(wanted.json, contenders, pauses, idle);
    bool correct = true;
    for (const auto& one : contenders) correct = correct && one.correct();
    return correct ? 0 : 1;
}

}  // namespace
}  // namespace penholder::bench

int main(int count, char** words) {
    penholder::bench::wishes wanted;
    CLI::App app("Penholder's benchmarks; nothing else should run on the machine meanwhile");
    app.add_option("--rounds", wanted.rounds, "rounds, each with every contender; 0 leaves them out")
        ->check(CLI::Range(0, 100));
    app.add_option("--seconds", wanted.seconds, "seconds for each contender and round")->check(CLI::Range(1, 600));
    app.add_option("--writers", wanted.writers, "writers at once")->check(CLI::Range(1, 150));
    app.add_option("--handovers", wanted.handovers, "handovers under load")->check(CLI::Range(1, 10000));
    app.add_option("--idle-seconds", wanted.idle_seconds, "how long to watch idle nodes")->check(CLI::Range(1, 600));
    app.add_option("--json", wanted.json, "write the results to this file too");
    app.add_flag("--verbose", wanted.verbose, "log on stderr what the nodes do");
    CLI11_PARSE(app, count, words);
    try {
        return penholder::bench::run(wanted);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "penholder_bench: %s\n", problem.what());
        return 1;
    }
}
