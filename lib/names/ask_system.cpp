#include "address_book.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace penholder::names {
namespace {

namespace ip = boost::asio::ip;

boost::asio::ip::address address_in(const addrinfo& one) {
    if (one.ai_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, one.ai_addr, sizeof v4);
        return ip::address_v4(ntohl(v4.sin_addr.s_addr));
    }
    sockaddr_in6 v6{};
    std::memcpy(&v6, one.ai_addr, sizeof v6);
    ip::address_v6::bytes_type bytes{};
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return ip::address_v6(bytes, v6.sin6_scope_id);
}

std::string reason(int code, int system_code) {
    return code == EAI_SYSTEM ? std::strerror(system_code) : ::gai_strerror(code);
}

}  // namespace

/// Addresses of a family that this host has none of itself are left out.
result<addresses> ask_system(const std::string& name) {
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_ADDRCONFIG;
    addrinfo* first = nullptr;
    if (const int failed = ::getaddrinfo(name.c_str(), nullptr, &wanted, &first); failed != 0) {
        return error{errc::invalid_argument, reason(failed, errno)};
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(first, &::freeaddrinfo);
    addresses found;
    for (const auto* each = first; each != nullptr; each = each->ai_next) {
        if (each->ai_family != AF_INET && each->ai_family != AF_INET6) continue;
        const auto address = address_in(*each);
        if (std::ranges::find(found, address) == found.end()) found.push_back(address);
    }
    return found;
}

}  // namespace penholder::names
