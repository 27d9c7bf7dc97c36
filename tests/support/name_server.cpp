#include "name_server.hpp"

#include "process.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <fstream>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace penholder::testing {
namespace {

constexpr std::size_t header = 12;
constexpr std::uint16_t a_record = 1;
constexpr int milliseconds_between_looks = 50;

/// What a question asks: DNS writes a name as labels, each after its length.
struct asked_name {
    std::string name;
    std::uint16_t type = 0;
    std::size_t end = 0;
};

std::optional<asked_name> read_question(const std::vector<std::uint8_t>& packet) {
    asked_name found;
    std::size_t at = header;
    while (at < packet.size() && packet[at] != 0) {
        const std::size_t length = packet[at];
        if (at + length + 1 > packet.size()) return std::nullopt;
        if (!found.name.empty()) found.name += '.';
        found.name.append(packet.begin() + static_cast<std::ptrdiff_t>(at + 1),
                          packet.begin() + static_cast<std::ptrdiff_t>(at + 1 + length));
        at += length + 1;
    }
    found.end = at + 5;
    if (found.end > packet.size()) return std::nullopt;
    found.type = static_cast<std::uint16_t>(packet[at + 1] << 8 | packet[at + 2]);
    return found;
}

sockaddr_in at_port_53(const std::string& address) {
    constexpr std::uint16_t port = 53;
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    ::inet_pton(AF_INET, address.c_str(), &where.sin_addr);
    return where;
}

/// Test programs side by side take addresses apart.
int bind_somewhere(std::string& address) {
    for (int tries = 0; tries < 200; ++tries) {
        address = "127.53." + std::to_string(tries) + "." + std::to_string(1 + ::getpid() % 250);
        const int made = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        const auto where = at_port_53(address);
        if (::bind(made, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0) return made;
        ::close(made);
    }
    throw std::system_error(errno, std::generic_category(), "no address for a name server");
}

}  // namespace

std::string name_server::unusable() {
    if (::getuid() != 0) return "a name server of the test's own takes root";
    try {
        run({.command = {"unshare", "--mount", "mount", "--bind", "/dev/null", "/etc/resolv.conf"}});
        return {};
    } catch (const std::exception& failed) {
        return std::string("a mount namespace cannot be had here: ") + failed.what();
    }
}

name_server::name_server() : socket_(bind_somewhere(address_)) {
    std::ofstream(directory_ / "resolv.conf") << "nameserver " << address_ << "\n";
    std::ofstream(directory_ / "hosts") << "127.0.0.1 localhost\n";
    thread_ = std::thread([this] { serve(); });
}

name_server::~name_server() {
    stopping_ = true;
    thread_.join();
    ::close(socket_);
}

std::vector<std::string> name_server::with_it(std::vector<std::string> command) const {
    const std::string script =
        "mount --bind \"$0/resolv.conf\" /etc/resolv.conf && "
        "mount --bind \"$0/hosts\" /etc/hosts && exec \"$@\"";
    std::vector<std::string> all{"unshare", "--mount", "sh", "-c", script, directory_.path().string()};
    all.insert(all.end(), std::make_move_iterator(command.begin()), std::make_move_iterator(command.end()));
    return all;
}

void name_server::fall_silent_about(const std::string& name) {
    const std::scoped_lock lock(mutex_);
    unanswered_.insert(name);
}

bool name_server::is_silent_about(const std::string& name) {
    const std::scoped_lock lock(mutex_);
    return silent_ || unanswered_.contains(name);
}

void name_server::serve() {
    while (!stopping_) {
        pollfd waits{socket_, POLLIN, 0};
        if (::poll(&waits, 1, milliseconds_between_looks) <= 0) continue;
        std::array<std::uint8_t, 512> buffer{};
        sockaddr_in from{};
        socklen_t size = sizeof from;
        const auto got =
            ::recvfrom(socket_, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
        if (got < static_cast<ssize_t>(header)) continue;
        ++questions_;
        answer({buffer.begin(), buffer.begin() + got}, [&](const std::vector<std::uint8_t>& what) {
            ::sendto(socket_, what.data(), what.size(), 0, reinterpret_cast<const sockaddr*>(&from), size);
        });
    }
}

/// The question again, and 127.0.0.1 where an address of that family was asked for.
void name_server::answer(std::vector<std::uint8_t> question,
                         const std::function<void(const std::vector<std::uint8_t>&)>& send) {
    const auto asked = read_question(question);
    if (!asked || is_silent_about(asked->name)) return;
    const bool has_one = asked->type == a_record;
    question.resize(asked->end);
    question[2] = 0x81;
    question[3] = 0x80;
    question[7] = has_one ? 1 : 0;
    question[9] = 0;
    question[11] = 0;
    if (has_one) {
        const std::array<std::uint8_t, 16> record{0xc0, header, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1};
        question.insert(question.end(), record.begin(), record.end());
    }
    send(question);
}

}  // namespace penholder::testing
