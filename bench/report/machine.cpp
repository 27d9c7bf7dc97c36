#include "machine.hpp"

#include "support/process.hpp"

#include <penholder/version.hpp>

#include <fmt/core.h>
#include <libpq-fe.h>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <sstream>
#include <sys/utsname.h>
#include <thread>
#include <unistd.h>

namespace penholder::bench {
namespace {

std::string line_of(const std::string& file, const std::string& beginning) {
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(beginning)) continue;
        const auto value = line.find_first_not_of(" \t:=\"", beginning.size());
        return value == std::string::npos ? std::string() : line.substr(value, line.find_last_not_of('"') + 1 - value);
    }
    return "unknown";
}

/// As dpkg knows it.
std::string package_version(const std::string& package) {
    try {
        const auto said = testing::run({.command = {"dpkg-query", "-W", "-f", "${Version}", package}});
        return said.empty() ? "not installed" : said;
    } catch (const std::exception&) {
        return "not installed";
    }
}

std::string today() {
    const auto now = std::time(nullptr);
    char text[sizeof "2000-01-01"];
    std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&now));
    return text;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> describe_machine() {
    utsname kernel{};
    ::uname(&kernel);
    const auto pages = static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
    return {{"date", today()},
            {"processor",
             fmt::format("{} × {}", std::thread::hardware_concurrency(), line_of("/proc/cpuinfo", "model name"))},
            {"memory", fmt::format("{:.0f} GiB", pages / (1 << 30))},
            {"system", fmt::format("{}, Linux {}", line_of("/etc/os-release", "PRETTY_NAME"), kernel.release)},
            {"Penholder", version},
            {"compiler", fmt::format("GCC {}", __VERSION__)},
            {"PostgreSQL", package_version("postgresql-15")},
            {"libpq", fmt::format("{}.{}", PQlibVersion() / 10000, PQlibVersion() % 10000)},
            {"ZooKeeper", package_version("zookeeper")},
            {"Redis", package_version("redis-server")},
            {"PgBouncer", package_version("pgbouncer")}};
}

double pace_of_this_moment() {
    using clock = std::chrono::steady_clock;
    constexpr auto length = std::chrono::milliseconds(20);
    std::uint64_t rounds = 0;
    volatile std::uint64_t mixed = 1;
    const auto began = clock::now();
    while (clock::now() - began < length) {
        for (int i = 0; i < 1000; ++i) mixed = mixed * 6364136223846793005U + 1442695040888963407U;
        ++rounds;
    }
    return static_cast<double>(rounds) / std::chrono::duration<double, std::milli>(clock::now() - began).count();
}

processor_time processors_so_far() {
    std::istringstream fields(line_of("/proc/stat", "cpu "));
    processor_time found;
    double ticks = 0;
    for (int at = 0; at < 8 && fields >> ticks; ++at) {
        const double seconds = ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
        found.all += seconds;
        if (at != 3 && at != 4) found.busy += seconds;
    }
    return found;
}

}  // namespace penholder::bench
