#include "relay.hpp"

#include "base/log_event.hpp"
#include "ensemble_files.hpp"
#include "own_socket.hpp"
#include "server_list.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <sys/socket.h>
#include <utility>

namespace penholder::zookeeper {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr auto without_descriptors = 100ms;

relay_patience patience_of(const zookeeper_options& to) {
    const std::chrono::milliseconds session(to.session_timeout_ms);
    return {std::clamp<std::chrono::milliseconds>(session / 3, 1s, 5s), session, 1s};
}

bool has_gone(asio::ip::tcp::socket& who) {
    char unread = 0;
    return ::recv(who.native_handle(), &unread, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

}  // namespace

relay::relay(const zookeeper_options& to) : patience_(patience_of(to)) {
    const auto files = ensemble_files(to);
    tls::file_watch::subject ensemble{
        "ensemble", {}, tls::reading(files), [this, keys = files.keys](const tls::material& found) {
            return adopt(found.certificates, keys);
        }};
    files_ = std::make_shared<tls::file_watch>(io_.get_executor(), reader_.get_executor(), std::move(ensemble));
}

result<std::shared_ptr<relay>> relay::open(const zookeeper_options& to) {
    std::shared_ptr<relay> made(new relay(to));
    auto servers = parse_servers(to.hosts);
    if (!servers) return servers.error();
    made->servers_ = std::move(*servers);
    if (auto opened = made->files_->open(); !opened) return opened.error();
    if (auto started = made->start(); !started) return started.error();
    return made;
}

relay::~relay() {
    io_.stop();
    if (thread_.joinable()) thread_.join();
    reader_.join();
}

result<> relay::start() {
    for (std::size_t server = 0; server < servers_.size(); ++server) {
        auto at = listen();
        if (!at) return at.error();
        tallies_.emplace_back(servers_[server].text());
        listeners_.push_back(at->local_endpoint());
        asio::co_spawn(io_, accept(std::move(*at), server), asio::detached);
    }
    thread_ = std::thread([this] { io_.run(); });
    return {};
}

result<asio::ip::tcp::acceptor> relay::listen() {
    tcp::acceptor at(io_);
    boost::system::error_code failed;
    at.open(tcp::v4(), failed);
    if (!failed) at.bind({asio::ip::address_v4::loopback(), 0}, failed);
    if (!failed) at.listen(tcp::acceptor::max_listen_connections, failed);
    if (!failed) return at;
    return error{errc::ensemble_unreachable,
                 "there is no port of 127.0.0.1 for the relay to the ensemble: " + failed.message()};
}

asio::awaitable<void> relay::accept(tcp::acceptor at, std::size_t server) {
    asio::steady_timer pause(io_);
    for (;;) {
        auto [failed, one] = co_await at.async_accept(quietly);
        if (!failed) {
            accepted(std::move(one), server);
            continue;
        }
        pause.expires_after(without_descriptors);
        co_await pause.async_wait(quietly);
    }
}

void relay::accepted(tcp::socket one, std::size_t server) {
    auto& tally = tallies_[server];
    if (!is_of_this_process(one)) {
        if (!has_gone(one)) {
            tally.refused({relay_refusal::cause::other_process,
                           "another process of this host connected to the relay, and got nothing"});
        }
        return;
    }
    const auto made = std::make_shared<relayed_connection>(std::move(one), credentials_, patience_, tally);
    asio::co_spawn(io_, made->run(servers_[server], attempts_++), asio::detached);
}

result<tls::file_watch::end> relay::adopt(const tls::texts& read, const tls::file_keys& keys) {
    auto made = tls::credentials::make(tls::side::client, read, keys);
    if (!made) return made.error();
    credentials_ = std::move(*made);
    return credentials_->expires();
}

void relay::look_again() {
    asio::post(io_, [this] { files_->look_again(); });
}

std::vector<ensemble_server_status> relay::servers() const {
    std::vector<ensemble_server_status> all;
    for (const auto& each : tallies_) all.push_back(each.now());
    return all;
}

std::optional<std::string> relay::refusal() const {
    std::string all;
    for (const auto& each : tallies_) {
        if (const auto why = each.refusal()) all += (all.empty() ? "" : "; ") + *why;
    }
    if (all.empty()) return std::nullopt;
    return all;
}

bool relay::was_hung_up_on() const {
    return std::ranges::any_of(tallies_, &relay_tally::was_hung_up_on);
}

std::optional<std::chrono::seconds> relay::certificate_ends_in() const {
    return files_->certificate_ends_in();
}

}  // namespace penholder::zookeeper
