#include "link_attempt.hpp"

#include "bounds.hpp"
#include "endpoint.hpp"
#include "wire/handshake_errors.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cassert>
#include <tuple>
#include <utility>

namespace penholder::tcp {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// Connecting to a free local port may by chance meet itself, where nobody listens.
bool met_itself(const asio::ip::tcp::socket& socket) {
    error_code failed;
    const auto here = socket.local_endpoint(failed);
    return !failed && here == socket.remote_endpoint(failed) && !failed;
}

}  // namespace

link_loss closed_by_owner() {
    return {loss::closed, {errc::link_lost, "the link is not wanted any more"}, false, {}};
}

link_attempt::link_attempt(asio::any_io_executor executor, const wire::link_target& target,
                           const link_options& settings, std::shared_ptr<const link_security> protection,
                           std::shared_ptr<traffic> counted)
    : executor_(std::move(executor)),
      target_(target),
      settings_(settings),
      protection_(std::move(protection)),
      counted_(std::move(counted)),
      socket_(executor_),
      limit_(executor_) {}

asio::awaitable<link_attempt::outcome> link_attempt::run(std::shared_ptr<link_attempt> self) {
    self->limit();
    auto made = co_await self->connect_and_greet();
    self->limit_.cancel();
    if (self->stage_ == stage::running) self->stage_ = stage::over;
    co_return made;
}

void link_attempt::limit() {
    limit_.expires_after(std::chrono::milliseconds(settings_.handshake_timeout_ms));
    limit_.async_wait([self = shared_from_this()](error_code cancelled) {
        if (cancelled || self->stage_ != stage::running) return;
        self->stage_ = stage::too_late;
        error_code ignored;
        self->socket_.close(ignored);
        if (!self->connection_) return;
        self->connection_->cut({loss::silent,
                                {errc::link_lost, self->target_.endpoint + " accepted the connection but did not greet "
                                                                           "within the handshake time-out"},
                                false,
                                {}});
    });
}

void link_attempt::abandon() {
    stage_ = stage::abandoned;
    limit_.cancel();
    error_code ignored;
    socket_.close(ignored);
    if (connection_) connection_->part(closed_by_owner().why);
}

asio::awaitable<link_attempt::outcome> link_attempt::connect_and_greet() {
    if (auto failed = co_await connect()) co_return std::move(*failed);
    if (auto failed = co_await secure()) {
        if (stage_ == stage::abandoned) co_return closed_by_owner();
        co_return std::move(*failed);
    }
    auto greeted = co_await greet();
    if (auto* failed = std::get_if<link_loss>(&greeted)) connection_->part(failed->why);
    if (stage_ == stage::abandoned) co_return closed_by_owner();
    co_return greeted;
}

asio::awaitable<std::optional<link_loss>> link_attempt::connect() {
    const auto found = co_await remote_endpoints(target_.endpoint);
    if (stage_ == stage::abandoned) co_return closed_by_owner();
    if (!found) co_return link_loss{loss::reset, found.error(), false, {}};
    error_code failed = asio::error::timed_out;
    for (const auto& where : *found) {
        if (stage_ != stage::running) break;
        if (protection_->is_plain() && !where.address().is_loopback()) {
            co_return link_loss{loss::unauthorized, wire::plain_beyond_this_host(target_.endpoint), false, {}};
        }
        socket_ = asio::ip::tcp::socket(executor_);
        std::tie(failed) = co_await socket_.async_connect(where, asio::as_tuple(asio::use_awaitable));
        if (!failed && met_itself(socket_)) failed = asio::error::connection_refused;
        if (!failed) break;
    }
    if (stage_ == stage::abandoned) co_return closed_by_owner();
    if (stage_ == stage::too_late) failed = asio::error::timed_out;
    if (failed) co_return connect_failed(failed);
    error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    connection_ =
        std::make_shared<connection>(protection_->protect(std::move(socket_), tls_end::dials, target_.endpoint),
                                     handshake_frame_bytes, outgoing_bound(settings_.max_frame_bytes), counted_);
    co_return std::nullopt;
}

asio::awaitable<std::optional<link_loss>> link_attempt::secure() {
    if (!co_await connection_->secure()) co_return connection_->cause();
    const auto names = connection_->peer_names();
    if (!names || wire::is_named(*names, target_.leader)) co_return std::nullopt;
    link_loss other{loss::unauthorized, wire::other_name(*names, target_.leader), false, {}};
    connection_->part(other.why);
    co_return other;
}

link_loss link_attempt::connect_failed(error_code why) const {
    const auto how = why == asio::error::connection_refused ? loss::refused
                     : why == asio::error::timed_out        ? loss::silent
                                                            : loss::reset;
    return {how, {errc::link_lost, "no connection to " + target_.endpoint + ": " + why.message()}, false, {}};
}

asio::awaitable<link_attempt::outcome> link_attempt::greet() {
    assert(connection_);
    wire::follower_handshake handshake(target_);
    connection_->send(handshake.first());
    for (;;) {
        auto got = co_await connection_->receive();
        if (!got) {
            const bool broken = !connection_->is_open();
            auto lost = broken ? *connection_->cause() : wire::loss_by_goodbye(got.error());
            lost.met = handshake.met();
            co_return lost;
        }
        auto step = handshake.on(std::move(*got));
        if (auto* in = std::get_if<wire::admitted>(&step)) co_return established{connection_, *in};
        if (auto* lost = std::get_if<link_loss>(&step)) co_return std::move(*lost);
    }
}

}  // namespace penholder::tcp
