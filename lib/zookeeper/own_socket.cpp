#include "own_socket.hpp"

#include <charconv>
#include <cstring>
#include <dirent.h>
#include <memory>
#include <netinet/in.h>
#include <string_view>
#include <sys/socket.h>

namespace penholder::zookeeper {
namespace {

using boost::asio::ip::tcp;

struct close_directory {
    void operator()(DIR* what) const noexcept { ::closedir(what); }
};

using asked_name = int (*)(int, sockaddr*, socklen_t*);

bool has_address(int descriptor, asked_name which, const tcp::endpoint& expected) {
    tcp::endpoint found;
    auto size = static_cast<socklen_t>(found.capacity());
    if (which(descriptor, found.data(), &size) != 0 || size > found.capacity()) return false;
    found.resize(size);
    return found == expected;
}

}  // namespace

bool is_of_this_process(const tcp::socket& accepted) {
    boost::system::error_code gone;
    const auto ours = accepted.local_endpoint(gone);
    const auto theirs = gone ? tcp::endpoint() : accepted.remote_endpoint(gone);
    const std::unique_ptr<DIR, close_directory> open(gone ? nullptr : ::opendir("/proc/self/fd"));
    while (const auto* entry = open ? ::readdir(open.get()) : nullptr) {
        const std::string_view name = entry->d_name;
        int descriptor = -1;
        std::from_chars(name.data(), name.data() + name.size(), descriptor);
        if (descriptor < 0) continue;
        if (has_address(descriptor, ::getsockname, theirs) && has_address(descriptor, ::getpeername, ours)) return true;
    }
    return false;
}

}  // namespace penholder::zookeeper
