#include "sidecars.hpp"

#include "support/patience.hpp"
#include "support/ports.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <unistd.h>

namespace penholder::bench {
namespace {

/// Whether a GET of this path is answered 200.
bool says_yes(std::uint16_t port, const std::string& path) {
    boost::asio::ip::tcp::iostream server;
    server.expires_after(std::chrono::seconds(2));
    server.connect(boost::asio::ip::tcp::endpoint(boost::asio::ip::address_v4::loopback(), port));
    server << "GET " << path << " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" << std::flush;
    std::string version;
    int status = 0;
    server >> version >> status;
    return status == 200;
}

}  // namespace

bool sidecar::leads() const {
    return says_yes(http_port, "/leader?group=" + group);
}

double sidecar::resident_mib() const {
    std::ifstream statm("/proc/" + std::to_string(process.pid()) + "/statm");
    double total = 0;
    double resident = 0;
    statm >> total >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1024 * 1024);
}

double sidecar::cpu_seconds() const {
    std::ifstream stat("/proc/" + std::to_string(process.pid()) + "/stat");
    const std::string all((std::istreambuf_iterator<char>(stat)), std::istreambuf_iterator<char>());
    std::istringstream fields(all.substr(all.rfind(')') + 2));
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

sidecars::sidecars(const options& wanted) {
    for (std::size_t i = 0; i < wanted.count; ++i) all_.push_back(start(wanted, i));
    testing::wait_until(
        "a sidecar leads and all are ready",
        [this] {
            bool ready = leader() < all_.size();
            for (const auto& one : all_) ready = ready && says_yes(one.http_port, "/readyz");
            return ready;
        },
        std::chrono::seconds(60));
}

std::size_t sidecars::leader() const {
    std::size_t leader = 0;
    while (leader < all_.size() && !all_[leader].leads()) ++leader;
    return leader;
}

sidecar sidecars::start(const options& wanted, std::size_t index) const {
    const auto name = "bench-" + std::to_string(index + 1);
    const auto file = directory_ / (name + ".toml");
    const auto ports = testing::free_ports(2);
    std::ofstream(file) << fmt::format(
        "[node]\nname = \"{}\"\n[zookeeper]\nhosts = \"{}\"\nroot = \"{}\"\n[link]\nlisten = \"127.0.0.1:{}\"\n"
        "secret = \"bench\"\n[http]\nlisten = \"127.0.0.1:{}\"\n[log]\nlevel = \"warning\"\n{}",
        name, wanted.hosts, wanted.root, ports[0], ports[1], wanted.groups);
    return {name, wanted.group, ports[1],
            testing::process({.command = {PENHOLDER_BINARY_DIR "/bin/penholderd", "--config", file.string()},
                              .log_file = directory_ / (name + ".log")})};
}

}  // namespace penholder::bench
