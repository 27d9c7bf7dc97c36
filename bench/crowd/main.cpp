// What a group costs over the number of its nodes: takeover, requests to the ensemble, memory, a rolling restart.
#include "crowd/picture.hpp"
#include "crowd/stage.hpp"
#include "crowd/worker.hpp"
#include "postgres/schema.hpp"
#include "support/postgres_server.hpp"
#include "support/zookeeper_server.hpp"

#include <penholder/error.hpp>

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <exception>

namespace penholder::bench {
namespace {

struct wishes {
    std::vector<std::size_t> sizes{3, 10, 100, 1000};
    scale_shape shape;
    std::string json = "scale.json";
    std::string svg = "scale.svg";
    bool smoke = false;
};

scale_result measure(const scale_shape& shape) {
    testing::postgres_server postgres(
        {.fsync = false, .settings = {{"max_connections", std::to_string(shape.nodes + 200)}}});
    postgres.create_database("scale");
    if (auto made = postgres::init_schema(postgres.conninfo("scale")); !made) throw exception(made.error());
    postgres.exec("CREATE TABLE hot (id int PRIMARY KEY, n bigint NOT NULL)", "scale");
    postgres.exec("INSERT INTO hot VALUES (1, 0)", "scale");
    testing::zookeeper_ensemble ensemble;
    return scale_stage(ensemble, postgres.conninfo("scale"), shape).measure();
}

int run(wishes wanted) {
    if (wanted.smoke) {
        wanted.sizes = {4};
        wanted.shape.kills = 1;
        wanted.shape.joins = 1;
        wanted.shape.patience = std::chrono::seconds(100);
    }
    std::vector<scale_result> all;
    for (const auto nodes : wanted.sizes) {
        wanted.shape.nodes = nodes;
        all.push_back(measure(wanted.shape));
        print(all);
        write_down(wanted.json, all);
        draw(wanted.svg, all);
    }
    return 0;
}

}  // namespace
}  // namespace penholder::bench

int main(int count, char** words) {
    penholder::bench::wishes wanted;
    penholder::bench::worker_plan plan;
    CLI::App app("What a group costs over the number of its nodes; nothing else should run on the machine meanwhile");
    app.add_option("--nodes", wanted.sizes, "sizes of the group")->delimiter(',')->check(CLI::Range(3, 10000));
    app.add_option("--kills", wanted.shape.kills, "of the leader, at each size")->check(CLI::Range(1, 1000));
    app.add_option("--writers", wanted.shape.writers, "nodes with writes waiting at a kill")
        ->check(CLI::Range(1, 1000));
    app.add_option("--joins", wanted.shape.joins, "nodes that join and leave")->check(CLI::Range(1, 100));
    app.add_option("--session-ms", wanted.shape.session_ms, "session time-out")->check(CLI::Range(400, 60000));
    app.add_flag("!--no-roll", wanted.shape.roll, "without the rolling restart");
    app.add_option("--json", wanted.json, "where to write the numbers down");
    app.add_option("--svg", wanted.svg, "where to draw the curves");
    app.add_flag("--smoke", wanted.smoke, "four nodes and one kill: that it runs");
    app.add_option("--worker", plan.conductor)->group("");
    app.add_option("--hosts", plan.hosts)->group("");
    app.add_option("--database", plan.database)->group("");
    app.add_option("--priority", plan.priority)->group("");
    CLI11_PARSE(app, count, words);
    plan.session_ms = wanted.shape.session_ms;
    try {
        return plan.conductor != 0 ? penholder::bench::work(plan) : penholder::bench::run(wanted);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "scale: %s\n", problem.what());
        return 1;
    }
}
