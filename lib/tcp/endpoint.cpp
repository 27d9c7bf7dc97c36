#include "endpoint.hpp"

#include "names/address_book.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstring>
#include <optional>
#include <sys/un.h>
#include <utility>

namespace penholder::tcp {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

std::optional<tcp::endpoint> numeric(const address& where) {
    boost::system::error_code failed;
    const auto host = asio::ip::make_address(where.host, failed);
    return failed ? std::nullopt : std::optional(tcp::endpoint(host, where.port));
}

std::string unix_text(const stream_socket::endpoint_type& where) {
    constexpr auto header = offsetof(sockaddr_un, sun_path);
    if (where.size() <= header) return "unix:";
    const auto* path = reinterpret_cast<const char*>(where.data()) + header;
    return "unix:" + std::string(path, ::strnlen(path, where.size() - header));
}

}  // namespace

std::string to_string(const stream_socket::endpoint_type& where) {
    if (where.protocol().family() == AF_UNIX) return unix_text(where);
    tcp::endpoint of_tcp;
    if (where.size() > of_tcp.capacity()) return "-";
    std::memcpy(of_tcp.data(), where.data(), where.size());
    of_tcp.resize(where.size());
    return address{of_tcp.address().to_string(), of_tcp.port(), {}}.text();
}

result<tcp::endpoint> local_endpoint(const address& where) {
    if (const auto known = numeric(where)) return *known;
    asio::io_context io;
    boost::system::error_code failed;
    const auto found =
        tcp::resolver(io).resolve(where.host, std::to_string(where.port), tcp::resolver::passive, failed);
    if (failed || found.empty()) {
        return error{errc::invalid_argument, "cannot listen on " + where.text() + ": " + failed.message()};
    }
    return found.begin()->endpoint();
}

asio::awaitable<result<std::vector<tcp::endpoint>>> remote_endpoints(std::string text) {
    const auto where = parse_endpoint(text);
    if (!where) co_return where.error();
    auto& book = names::address_book::of_process();
    auto host = where->host;
    const auto found = co_await book.look_up(std::move(host), names::patience);
    if (!found) co_return error{errc::link_lost, found.error().message};
    std::vector<tcp::endpoint> all;
    for (const auto& each : *found) all.emplace_back(each, where->port);
    co_return all;
}

}  // namespace penholder::tcp
