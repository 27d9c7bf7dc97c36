#include "listener.hpp"

#include "acceptor.hpp"
#include "link_security.hpp"
#include "peer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cassert>
#include <utility>

namespace penholder::tcp {

namespace asio = boost::asio;
using std::chrono::milliseconds;

listener::listener(asio::any_io_executor executor, listener_identity self, link_options settings,
                   std::shared_ptr<const link_security> protection, listener_handlers handlers)
    : executor_(std::move(executor)), peers_(std::make_shared<peers>()), timer_(executor_) {
    peers_->self = std::move(self);
    peers_->settings = std::move(settings);
    peers_->protection = std::move(protection);
    peers_->handlers = std::move(handlers);
}

result<std::string> listener::start() {
    assert(!acceptor_);
    const auto where = parse_endpoint(peers_->settings.listen);
    if (!where) return where.error();
    auto bound = acceptor::bind(executor_, *where);
    if (!bound) {
        return error{bound.error().code, bound.error().message + "; choose another [link] listen"};
    }
    acceptor_ = std::move(*bound);
    const auto& advertised = peers_->settings.advertise;
    peers_->endpoint = advertised.empty() ? acceptor_->endpoint() : advertised;
    acceptor_->start([self = weak_from_this()](stream_socket connected) {
        if (const auto alive = self.lock()) alive->take(std::move(connected));
    });
    sweep();
    return acceptor_->endpoint();
}

void listener::stop() {
    if (std::exchange(peers_->stopped, true)) return;
    if (acceptor_) acceptor_->stop();
    timer_.cancel();
    for (auto* one : peers_->all) one->part({errc::shutting_down, "this node is shutting down"});
    asio::post(executor_, [among = peers_] { among->handlers = {}; });
}

void listener::accepting_links_changed() {
    for (auto* one : peers_->all) one->look_again();
}

const std::string& listener::endpoint() const noexcept {
    return peers_->endpoint;
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

void listener::take(stream_socket connected) {
    // However many unauthenticated peers there are, they take no place of a link, and whoever comes now has as good a
    // chance to prove itself as they had.
    if (peers_->unauthenticated.size() >= peers_->settings.max_handshakes) peers_->unauthenticated.front()->make_room();
    ++peers_->counters.accepted;
    auto over = peers_->protection->protect(std::move(connected), tls_end::accepts, peers_->endpoint);
    auto made = std::make_shared<peer>(peers_, std::move(over));
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
