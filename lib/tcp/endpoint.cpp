#include "endpoint.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <charconv>
#include <cstdint>
#include <optional>

namespace penholder::tcp {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

error bad_endpoint(std::string_view text) {
    return {errc::invalid_argument,
            "'" + std::string(text) + "' is no endpoint; write host:port, with an IPv6 address in brackets"};
}

std::uint16_t port_number(const std::string& text) {
    std::uint16_t port = 0;
    std::from_chars(text.data(), text.data() + text.size(), port);
    return port;
}

std::optional<tcp::endpoint> numeric(const host_and_port& where) {
    boost::system::error_code failed;
    const auto address = asio::ip::make_address(where.host, failed);
    return failed ? std::nullopt : std::optional(tcp::endpoint(address, port_number(where.port)));
}

}  // namespace

result<host_and_port> parse_endpoint(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return bad_endpoint(text);
    auto host = text.substr(0, colon);
    const auto port = text.substr(colon + 1);
    if (host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string_view::npos) {
        return bad_endpoint(text);
    }
    std::uint16_t number = 0;
    const auto parsed = std::from_chars(port.data(), port.data() + port.size(), number);
    if (host.empty() || parsed.ec != std::errc{} || parsed.ptr != port.data() + port.size()) return bad_endpoint(text);
    return host_and_port{std::string(host), std::string(port)};
}

std::string to_string(const tcp::endpoint& where) {
    const auto host = where.address().to_string();
    return (where.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(where.port());
}

result<tcp::endpoint> local_endpoint(std::string_view text) {
    const auto where = parse_endpoint(text);
    if (!where) return where.error();
    if (const auto known = numeric(*where)) return *known;
    asio::io_context io;
    boost::system::error_code failed;
    const auto found = tcp::resolver(io).resolve(where->host, where->port, tcp::resolver::passive, failed);
    if (failed || found.empty()) {
        return error{errc::invalid_argument, "cannot listen on '" + std::string(text) + "': " + failed.message()};
    }
    return found.begin()->endpoint();
}

asio::awaitable<result<std::vector<tcp::endpoint>>> remote_endpoints(std::string text) {
    const auto where = parse_endpoint(text);
    if (!where) co_return where.error();
    if (const auto known = numeric(*where)) co_return std::vector{*known};
    tcp::resolver resolver(co_await asio::this_coro::executor);
    const auto [failed, found] =
        co_await resolver.async_resolve(where->host, where->port, asio::as_tuple(asio::use_awaitable));
    if (failed) co_return error{errc::link_lost, "host '" + where->host + "' is not known: " + failed.message()};
    std::vector<tcp::endpoint> all;
    for (const auto& one : found) all.push_back(one.endpoint());
    co_return all;
}

}  // namespace penholder::tcp
