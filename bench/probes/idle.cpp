#include "probe.hpp"
#include "servers/servers.hpp"
#include "servers/sidecars.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <sstream>
#include <thread>

namespace penholder::bench {
namespace {

using namespace std::chrono_literals;

constexpr auto to_settle = 3s;

/// Share of a core, in percent, that each used for so long.
std::vector<double> cpu_percents(const std::vector<sidecar>& of, std::chrono::seconds length) {
    std::vector<double> used;
    for (const auto& one : of) used.push_back(-one.cpu_seconds());
    std::this_thread::sleep_for(length);
    for (std::size_t i = 0; i < of.size(); ++i) {
        used[i] = 100 * (used[i] + of[i].cpu_seconds()) / static_cast<double>(length.count());
    }
    return used;
}

/// Sessions that clients hold with the ensemble, as its servers see it.
double sessions(testing::zookeeper_ensemble& with) {
    std::size_t found = 0;
    for (std::size_t i = 0; i < with.size(); ++i) {
        std::istringstream lines(with[i].ask("cons"));
        for (std::string line; std::getline(lines, line);) found += line.find("sid=0x") != std::string::npos ? 1U : 0U;
    }
    return static_cast<double>(found);
}

}  // namespace

std::vector<figure> idle_nodes(bool quick) {
    servers on(0ms);
    sidecars three({on.ensemble().connect_string(), "/bench-idle",
                    fmt::format("[[group]]\nname = \"bench\"\ndatabase = \"{}\"\n", on.database().conninfo()), "bench",
                    3});
    std::this_thread::sleep_for(to_settle);
    const auto used = cpu_percents(three.all(), quick ? 3s : 20s);
    std::vector<figure> found;
    for (std::size_t i = 0; i < used.size(); ++i) {
        const auto role = i == three.leader() ? std::string("leader") : fmt::format("node {}", i + 1);
        found.push_back({"idle " + role + ": processor", used[i], " % of a core"});
        found.push_back({"idle " + role + ": resident", three.all()[i].resident_mib(), " MiB"});
    }
    return found;
}

std::vector<figure> thousand_groups(bool quick) {
    testing::zookeeper_ensemble ensemble;
    std::string groups;
    for (int i = 1; i <= 1000; ++i) groups += fmt::format("[[group]]\nname = \"group-{}\"\n", i);
    const auto before = sessions(ensemble);
    sidecars one({ensemble.connect_string(), "/bench-thousand", groups, "group-1000", 1});
    std::this_thread::sleep_for(to_settle);
    const auto used = cpu_percents(one.all(), quick ? 3s : 20s);
    return {{"1,000 groups: sessions", sessions(ensemble) - before, ""},
            {"1,000 groups: idle", used.front(), " % of a core"},
            {"1,000 groups: resident", one.all().front().resident_mib(), " MiB"}};
}

}  // namespace penholder::bench
