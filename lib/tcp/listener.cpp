#include "listener.hpp"

#include "endpoint.hpp"
#include "peer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace penholder::tcp {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr int backlog = 4096;
constexpr milliseconds accept_pause{100};

std::string address_of(const asio::ip::tcp::socket& socket) {
    boost::system::error_code failed;
    const auto where = socket.remote_endpoint(failed);
    return failed ? std::string("-") : to_string(where);
}

}  // namespace

listener::listener(asio::any_io_executor executor, listener_identity self, link_options settings,
                   listener_handlers handlers)
    : executor_(std::move(executor)), peers_(std::make_shared<peers>()), acceptor_(executor_), timer_(executor_) {
    peers_->self = std::move(self);
    peers_->settings = std::move(settings);
    peers_->handlers = std::move(handlers);
}

result<std::string> listener::start() {
    const auto& wanted = peers_->settings.listen;
    const auto where = local_endpoint(wanted);
    if (!where) return where.error();
    boost::system::error_code failed;
    acceptor_.open(where->protocol(), failed);
    if (!failed) acceptor_.set_option(asio::socket_base::reuse_address(true), failed);
    if (!failed) acceptor_.bind(*where, failed);
    if (!failed) acceptor_.listen(backlog, failed);
    if (failed) {
        return error{errc::invalid_argument,
                     "cannot listen on '" + wanted + "': " + failed.message() + "; choose another [link] listen"};
    }
    asio::co_spawn(executor_, accept(shared_from_this()), asio::detached);
    sweep();
    return to_string(acceptor_.local_endpoint());
}

void listener::stop() {
    if (std::exchange(peers_->stopped, true)) return;
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    timer_.cancel();
    for (auto* one : peers_->all) one->part({errc::shutting_down, "this node is shutting down"});
    asio::post(executor_, [among = peers_] { among->handlers = {}; });
}

void listener::door_changed() {
    for (auto* one : peers_->all) one->look_at_door();
}

std::size_t listener::links() const noexcept {
    return peers_->linked();
}

std::size_t listener::links(const std::string& group) const noexcept {
    const auto found = peers_->links.find(group);
    return found == peers_->links.end() ? 0 : found->second;
}

listener_counters listener::counters() const noexcept {
    auto all = peers_->counters;
    static_cast<traffic&>(all) = *peers_->counted;
    return all;
}

asio::awaitable<void> listener::accept(std::shared_ptr<listener> self) {
    asio::steady_timer pause(self->executor_);
    while (!self->peers_->stopped) {
        auto [failed, socket] =
            co_await self->acceptor_.async_accept(self->executor_, asio::as_tuple(asio::use_awaitable));
        if (self->peers_->stopped) break;
        if (!failed) {
            self->take(std::move(socket));
            continue;
        }
        // Out of descriptors, most likely: those who are connected go on, the next one waits a little.
        pause.expires_after(accept_pause);
        co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

void listener::take(asio::ip::tcp::socket socket) {
    // Strangers compete among themselves only: however many they are, they take no place of a link, and whoever comes
    // now has as good a chance to prove itself as they had.
    if (peers_->strangers.size() >= peers_->settings.max_handshakes) peers_->strangers.front()->make_room();
    ++peers_->counters.accepted;
    auto address = address_of(socket);
    auto made = std::make_shared<peer>(peers_, std::move(socket), std::move(address));
    asio::co_spawn(executor_, peer::run(std::move(made)), asio::detached);
}

// One timer looks after all peers: thousands of idle links cost thousands of comparisons, not thousands of timers.
void listener::sweep() {
    const auto& settings = peers_->settings;
    const int shortest = std::min(settings.handshake_timeout_ms, settings.silence_timeout_ms);
    timer_.expires_after(milliseconds(std::clamp(shortest / 4, 5, 500)));
    timer_.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
        if (cancelled || self->peers_->stopped) return;
        const auto now = std::chrono::steady_clock::now();
        for (auto* one : self->peers_->all) one->check(now);
        self->sweep();
    });
}

}  // namespace penholder::tcp
