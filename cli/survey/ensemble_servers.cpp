#include "cli/survey/ensemble_servers.hpp"

#include "cli/gather.hpp"
#include "cli/nodes/endpoints.hpp"
#include "zookeeper/relay.hpp"

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

result<penholder::address> parse(const std::string& text) {
    const bool says_port = text.rfind(':') != std::string::npos;
    return parse_endpoint(says_port ? text : text + ":" + std::string(default_port));
}

ensemble_server silent(std::string address, std::string why) {
    ensemble_server server;
    server.address = std::move(address);
    server.why = std::move(why);
    return server;
}

ensemble_server silent(std::string address, const boost::system::error_code& why) {
    return silent(std::move(address),
                  why == boost::beast::error::timeout ? "no answer within the time-out" : why.message());
}

asio::awaitable<ensemble_server> ask_there(std::string address, std::vector<tcp::endpoint> those,
                                           std::chrono::milliseconds within) {
    boost::beast::basic_stream<tcp> stream(co_await asio::this_coro::executor);
    stream.expires_after(within);
    const auto begun = clock::now();
    const auto [refused, peer] = co_await stream.async_connect(those, quietly);
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

asio::awaitable<ensemble_server> ask_server(std::string address, std::chrono::milliseconds within) {
    const auto where = parse(address);
    if (!where) co_return silent(std::move(address), where.error().message);
    auto found = co_await endpoints_of(*where, within);
    if (!found) co_return silent(std::move(address), found.error().message);
    co_return co_await ask_there(std::move(address), std::move(*found), within);
}

/// What the relay knows of a server that it could not reach is more than the closed connection tells.
asio::awaitable<std::vector<ensemble_server>> ask_by_relay(zookeeper_options which, std::chrono::milliseconds within) {
    const auto by = zookeeper::relay::open(which);
    if (!by) co_return std::vector<ensemble_server>{silent(which.hosts, by.error().message)};
    std::vector<asio::awaitable<ensemble_server>> asked;
    const auto servers = (*by)->servers();
    for (std::size_t i = 0; i < servers.size(); ++i) {
        asked.push_back(ask_there(servers[i].server, {(*by)->listeners()[i]}, within));
    }
    auto found = co_await gather(std::move(asked));
    const auto after = (*by)->servers();
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (!found[i].reached && !after[i].trouble.empty()) found[i].why = after[i].trouble;
    }
    co_return found;
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

asio::awaitable<std::vector<ensemble_server>> ask_servers(zookeeper_options which, std::chrono::milliseconds within) {
    if (!which.tls_ca_file.empty()) co_return co_await ask_by_relay(std::move(which), within);
    std::vector<asio::awaitable<ensemble_server>> asked;
    std::istringstream listed(which.hosts);
    for (std::string address; std::getline(listed, address, ',');) asked.push_back(ask_server(address, within));
    co_return co_await gather(std::move(asked));
}

}  // namespace penholder::cli
