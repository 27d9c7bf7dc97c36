#include "ground.hpp"
#include "support/patience.hpp"
#include "support/ports.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <thread>
#include <unistd.h>

namespace penholder::bench {
namespace {

/// User and system time of a process so far, in seconds.
double cpu_seconds(pid_t pid) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    const std::string all((std::istreambuf_iterator<char>(stat)), std::istreambuf_iterator<char>());
    std::istringstream fields(all.substr(all.rfind(')') + 2));
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double rss_mib(pid_t pid) {
    std::ifstream statm("/proc/" + std::to_string(pid) + "/statm");
    double total = 0;
    double resident = 0;
    statm >> total >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1024 * 1024);
}

testing::process run_sidecar(const ground& on, const testing::temporary_directory& folder, std::size_t index) {
    const auto options = on.node_options(index);
    const auto file = folder / (options.name + ".toml");
    const auto ports = testing::free_ports(2);
    std::ofstream(file) << "[node]\nname = \"" << options.name << "\"\n[zookeeper]\nhosts = \""
                        << options.zookeeper.hosts
                        << "\"\nroot = \"/footprint\"\n[link]\nlisten = \"127.0.0.1:" << ports[0]
                        << "\"\n[http]\nlisten = \"127.0.0.1:" << ports[1] << "\"\n[[group]]\nname = \"footprint\"\n"
                        << "database = \"" << options.groups[0].database << "\"\n";
    return testing::process({.command = {PENHOLDER_BINARY_DIR "/bin/penholderd", "--config", file.string()},
                             .log_file = folder / (options.name + ".log"),
                             .user = {},
                             .environment = {},
                             .directory = {}});
}

}  // namespace

std::vector<footprint> idle_footprints(const ground& on, std::chrono::seconds length) {
    testing::temporary_directory folder;
    std::vector<testing::process> sidecars;
    for (std::size_t i = 0; i < 3; ++i) sidecars.push_back(run_sidecar(on, folder, i));
    testing::wait_until("a sidecar leads", [&] {
        for (const auto& one : sidecars) {
            if (one.log().find("role=serving") != std::string::npos) return true;
        }
        return false;
    });
    std::this_thread::sleep_for(std::chrono::seconds(2));
    std::vector<double> before;
    for (const auto& one : sidecars) before.push_back(cpu_seconds(one.pid()));
    std::this_thread::sleep_for(length);
    std::vector<footprint> found;
    for (std::size_t i = 0; i < sidecars.size(); ++i) {
        const auto used = cpu_seconds(sidecars[i].pid()) - before[i];
        const bool leads = sidecars[i].log().find("role=serving") != std::string::npos;
        found.push_back({leads ? "leader" : "follower", 100 * used / static_cast<double>(length.count()),
                         rss_mib(sidecars[i].pid())});
    }
    return found;
}

}  // namespace penholder::bench
