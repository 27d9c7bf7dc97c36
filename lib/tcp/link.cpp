#include "link.hpp"

#include "bounds.hpp"
#include "connection.hpp"
#include "endpoint.hpp"
#include "handshake.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace penholder::tcp {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr milliseconds first_pause{2};
constexpr milliseconds longest_pause{500};
constexpr milliseconds steady_after{100};  // A link that was up for so long is worth an attempt at once.

link_loss connect_failed(const boost::system::error_code& failed, const std::string& endpoint) {
    const auto how = failed == asio::error::connection_refused ? loss::refused
                     : failed == asio::error::timed_out        ? loss::silent
                                                               : loss::reset;
    return {how, {errc::link_lost, "no connection to " + endpoint + ": " + failed.message()}, false, {}};
}

// Connecting to a free local port may by chance meet itself, where nobody listens.
bool met_itself(const asio::ip::tcp::socket& socket) {
    boost::system::error_code failed;
    const auto here = socket.local_endpoint(failed);
    return !failed && here == socket.remote_endpoint(failed) && !failed;
}

link_loss closed_by_owner() {
    return {loss::closed, {errc::link_lost, "the link is not wanted any more"}, false, {}};
}

}  // namespace

link::link(asio::any_io_executor executor, link_target target, link_options settings, link_handlers handlers)
    : executor_(std::move(executor)),
      target_(std::move(target)),
      settings_(std::move(settings)),
      handlers_(std::move(handlers)),
      pauses_(first_pause, longest_pause, target_.life.value),
      socket_(executor_),
      watch_(executor_),
      rest_(executor_) {}

void link::start() {
    if (std::exchange(started_, true) || closed_) return;
    asio::co_spawn(executor_, run(shared_from_this()), asio::detached);
}

void link::close() {
    if (std::exchange(closed_, true)) return;
    up_ = false;
    ++watch_round_;
    watch_.cancel();
    rest_.cancel();
    boost::system::error_code ignored;
    socket_.close(ignored);
    if (connection_) connection_->part(closed_by_owner().why);
    asio::post(executor_, [self = shared_from_this()] { self->handlers_ = {}; });
}

bool link::send(const wire::request& asked) {
    if (!up_ || !window_.has_room(asked.what) || connection_->is_full() || !connection_->send(asked)) return false;
    window_.sent(asked.what);
    return true;
}

std::optional<std::chrono::steady_clock::time_point> link::last_contact() const noexcept {
    return up_ ? connection_->last_heard() : heard_before_;
}

link_counters link::counters() const noexcept {
    return {*traffic_, connects_, losses_};
}

asio::awaitable<void> link::run(std::shared_ptr<link> self) {
    co_await asio::post(self->executor_, asio::use_awaitable);
    while (!self->closed_) {
        auto why = co_await self->connect_and_serve();
        if (self->closed_) break;
        const bool steady = why.was_up && clock::now() - self->up_since_ >= steady_after;
        self->went_down(std::move(why));
        if (steady) self->pauses_.reset();
        if (steady || self->closed_) continue;
        self->rest_.expires_after(self->pauses_.next());
        co_await self->rest_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

asio::awaitable<link_loss> link::connect_and_serve() {
    limit_connecting();
    if (auto failed = co_await connect()) co_return std::move(*failed);
    const auto over = connection_;
    auto greeting = co_await greet_leader(over, target_, settings_.secret);
    if (auto* failed = std::get_if<link_loss>(&greeting)) {
        over->part(failed->why);
        co_return std::move(*failed);
    }
    if (closed_) co_return closed_by_owner();
    over->trust(settings_.max_frame_bytes);
    window_ = wire::request_window(std::min(settings_.max_in_flight, std::get<greeted>(greeting).window));
    target_.leader_life = std::get<greeted>(greeting).life;
    came_up();
    auto why = co_await serve(over);
    why.was_up = true;
    co_return why;
}

asio::awaitable<std::optional<link_loss>> link::connect() {
    const auto found = co_await remote_endpoints(target_.endpoint);
    if (closed_) co_return closed_by_owner();
    if (!found) co_return link_loss{loss::reset, found.error(), false, {}};
    boost::system::error_code failed = asio::error::timed_out;
    for (const auto& where : *found) {
        if (too_late_ || closed_) break;
        socket_ = asio::ip::tcp::socket(executor_);
        std::tie(failed) = co_await socket_.async_connect(where, asio::as_tuple(asio::use_awaitable));
        if (!failed && met_itself(socket_)) failed = asio::error::connection_refused;
        if (!failed) break;
    }
    if (closed_) co_return closed_by_owner();
    if (too_late_) failed = asio::error::timed_out;
    if (failed) co_return connect_failed(failed, target_.endpoint);
    connection_ = std::make_shared<connection>(std::move(socket_), handshake_frame_bytes,
                                               outgoing_bound(settings_.max_frame_bytes), traffic_);
    co_return std::nullopt;
}

asio::awaitable<link_loss> link::serve(std::shared_ptr<connection> over) {
    handlers_.on_up();
    while (!closed_ && over->is_open()) {
        auto got = over->next();
        if (!got) {
            over->part(got.error());
            co_return link_loss{loss::protocol, got.error(), true, {}};
        }
        if (*got) {
            handle(*over, std::move(**got));
        } else {
            co_await over->more();
        }
    }
    co_return over->cause().value_or(closed_by_owner());
}

void link::handle(connection& from, wire::message what) {
    if (auto* reply = std::get_if<wire::reply>(&what)) {
        window_.replied(reply->what);
        handlers_.on_reply(std::move(*reply));
    } else if (auto* goodbye = std::get_if<wire::goodbye>(&what)) {
        from.cut(wire::loss_by_goodbye(std::move(goodbye->why)));
    } else if (auto* asked = std::get_if<wire::ping>(&what)) {
        from.send(wire::pong{asked->number});
    } else if (!std::holds_alternative<wire::pong>(what)) {
        from.part({errc::protocol_mismatch, "the leader sent a message that only followers send"});
    }
}

void link::limit_connecting() {
    too_late_ = false;
    watch_.expires_after(milliseconds(settings_.handshake_timeout_ms));
    watch_.async_wait([self = shared_from_this(), round = ++watch_round_](boost::system::error_code cancelled) {
        if (cancelled || round != self->watch_round_) return;
        self->too_late_ = true;
        boost::system::error_code ignored;
        self->socket_.close(ignored);
        if (!self->connection_) return;
        self->connection_->cut({loss::silent,
                                {errc::link_lost, self->target_.endpoint + " accepted the connection but did not greet "
                                                                           "within the handshake time-out"},
                                false,
                                {}});
    });
}

void link::came_up() {
    up_ = true;
    ++connects_;
    up_since_ = clock::now();
    pulse();
}

void link::pulse() {
    const auto silent_for = clock::now() - connection_->last_heard();
    const milliseconds limit(settings_.silence_timeout_ms);
    if (silent_for >= limit) {
        connection_->cut({loss::silent,
                          {errc::link_lost, "leader '" + target_.leader + "' said nothing for " +
                                                std::to_string(settings_.silence_timeout_ms) + " ms"},
                          false,
                          {}});
        return;
    }
    connection_->send(wire::ping{++pings_});
    watch_.expires_after(std::min<clock::duration>(milliseconds(settings_.ping_interval_ms), limit - silent_for));
    watch_.async_wait([self = shared_from_this(), round = ++watch_round_](boost::system::error_code cancelled) {
        if (!cancelled && round == self->watch_round_) self->pulse();
    });
}

void link::went_down(link_loss why) {
    ++watch_round_;
    watch_.cancel();
    if (why.was_up) {
        ++losses_;
        heard_before_ = connection_->last_heard();
    }
    up_ = false;
    connection_.reset();
    handlers_.on_down(why);
}

}  // namespace penholder::tcp
