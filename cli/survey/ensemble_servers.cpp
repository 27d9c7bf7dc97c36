#include "cli/survey/ensemble_servers.hpp"

#include "cli/gather.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>

#include <sstream>

namespace penholder::cli {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using clock = std::chrono::steady_clock;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr std::string_view default_port = "2181";

std::string line_after(const std::string& answer, std::string_view name) {
    std::istringstream lines(answer);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(name)) return line.substr(name.size());
    }
    return {};
}

std::pair<std::string, std::string> split(const std::string& address) {
    const auto colon = address.rfind(':');
    if (colon == std::string::npos) return {address, std::string(default_port)};
    std::string host = address.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    return {host, address.substr(colon + 1)};
}

ensemble_server silent(std::string address, const boost::system::error_code& why) {
    ensemble_server server;
    server.address = std::move(address);
    server.why = why == boost::beast::error::timeout ? "no answer within the time-out" : why.message();
    return server;
}

asio::awaitable<ensemble_server> ask_server(std::string address, std::chrono::milliseconds within) {
    const auto [host, port] = split(address);
    tcp::resolver resolver(co_await asio::this_coro::executor);
    const auto [unknown, found] = co_await resolver.async_resolve(host, port, quietly);
    if (unknown) co_return silent(std::move(address), unknown);
    boost::beast::basic_stream<tcp> stream(resolver.get_executor());
    stream.expires_after(within);
    const auto begun = clock::now();
    const auto [refused, peer] = co_await stream.async_connect(found, quietly);
    if (refused) co_return silent(std::move(address), refused);
    const std::string word = "srvr";
    const auto [unsent, sent] = co_await asio::async_write(stream, asio::buffer(word), quietly);
    if (unsent) co_return silent(std::move(address), unsent);
    std::string answer;
    const auto [ended, read] = co_await asio::async_read(stream, asio::dynamic_buffer(answer, 65536), quietly);
    if (answer.empty()) co_return silent(std::move(address), ended);
    ensemble_server server = decode_srvr(address, answer);
    server.latency = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - begun);
    co_return server;
}

}  // namespace

ensemble_server decode_srvr(const std::string& address, const std::string& answer) {
    ensemble_server server;
    server.address = address;
    server.reached = true;
    server.mode = line_after(answer, "Mode: ");
    server.version = line_after(answer, "Zookeeper version: ");
    server.version = server.version.substr(0, server.version.find_first_of("-,"));
    if (server.mode.empty()) server.why = answer.substr(0, answer.find('\n'));
    return server;
}

asio::awaitable<std::vector<ensemble_server>> ask_servers(std::string hosts, std::chrono::milliseconds within) {
    std::vector<asio::awaitable<ensemble_server>> asked;
    std::istringstream listed(hosts);
    for (std::string address; std::getline(listed, address, ',');) asked.push_back(ask_server(address, within));
    co_return co_await gather(std::move(asked));
}

}  // namespace penholder::cli
