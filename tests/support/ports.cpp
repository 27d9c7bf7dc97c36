#include "ports.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <mutex>
#include <random>
#include <set>
#include <stdexcept>

namespace penholder::testing {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

bool can_listen(std::uint16_t port) {
    asio::io_context io;
    tcp::acceptor probe{io};
    boost::system::error_code failure;
    probe.open(tcp::v4(), failure);
    probe.set_option(tcp::acceptor::reuse_address{true}, failure);
    probe.bind({asio::ip::address_v4::loopback(), port}, failure);
    if (!failure) probe.listen(1, failure);
    return !failure;
}

std::uint16_t unused_port(std::set<std::uint16_t>& given) {
    static std::mt19937 random{std::random_device{}()};
    std::uniform_int_distribution<int> below_ephemeral(12000, 31999);
    for (int tries = 0; tries < 1000; ++tries) {
        const auto port = static_cast<std::uint16_t>(below_ephemeral(random));
        if (!given.contains(port) && can_listen(port)) return *given.insert(port).first;
    }
    throw std::runtime_error("no free TCP port between 12000 and 31999 on 127.0.0.1");
}

}  // namespace

std::vector<std::uint16_t> free_ports(std::size_t count) {
    static std::mutex guard;
    static std::set<std::uint16_t> given;
    const std::lock_guard lock{guard};
    std::vector<std::uint16_t> ports;
    while (ports.size() < count) ports.push_back(unused_port(given));
    return ports;
}

std::uint16_t free_port() {
    return free_ports(1).front();
}

}  // namespace penholder::testing
