#include "schedule.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

#include <base/log.hpp>

int main(int count, char** arguments) {
    penholder::log().set_level(spdlog::level::off);
    const std::uint64_t first = std::strtoull(arguments[1], nullptr, 10);
    const int many = count > 2 ? std::atoi(arguments[2]) : 1;
    if (many == 1) {
        const auto end = penholder::simulation::run_schedule(first, true);
        std::printf("%s\nseed %llu %s\n", end.transcript.c_str(), (unsigned long long)first, end.broken.value_or("fine").c_str());
        return 0;
    }
    int bad = 0;
    std::uint64_t steps = 0; double settle = 0, most = 0;
    for (int i = 0; i < many; ++i) {
        const auto end = penholder::simulation::run_schedule(first + i);
        steps += end.steps;
        const auto s = std::chrono::duration<double>(end.settling).count(); settle += s; most = std::max(most, s);
        if (end.broken && ++bad <= 12) std::printf("seed %llu: %s\n", (unsigned long long)end.seed, end.broken->c_str());
    }
    std::printf("%d schedules, %d broken, %.0f steps each, settle mean %.2f most %.2f\n", many, bad, double(steps) / many, settle / many, most);
}
