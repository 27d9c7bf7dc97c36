#include "link.hpp"

#include "connection.hpp"
#include "heartbeat.hpp"
#include "link_attempt.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cassert>
#include <utility>
#include <variant>

namespace penholder::tcp {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr milliseconds steady_after{100};  // A link that was up for so long is worth an attempt at once.

}  // namespace

link::link(asio::any_io_executor executor, link_target target, link_options settings,
           std::shared_ptr<const link_security> protection, link_handlers handlers)
    : executor_(std::move(executor)),
      target_(std::move(target)),
      settings_(std::move(settings)),
      protection_(std::move(protection)),
      handlers_(std::move(handlers)),
      pauses_(target_.patience, target_.life.value),
      pause_(executor_) {}

link::~link() = default;

void link::start() {
    if (stage_ != stage::created) return;
    stage_ = stage::running;
    asio::co_spawn(executor_, run(shared_from_this()), asio::detached);
}

void link::close() {
    if (std::exchange(stage_, stage::closed) == stage::closed) return;
    pause_.cancel();
    if (attempt_) attempt_->abandon();
    if (heartbeat_) heartbeat_->stop();
    if (const auto over = std::exchange(up_, nullptr)) over->part(closed_by_owner().why);
    asio::post(executor_, [self = shared_from_this()] { self->handlers_ = {}; });
}

void link::hurry() {
    pauses_.hurry();
    pause_.cancel();
}

bool link::send(const wire::request& asked) {
    if (!up_ || !window_.has_room(asked.what) || up_->is_full() || !up_->send(asked)) return false;
    window_.sent(asked.what);
    return true;
}

std::optional<std::chrono::steady_clock::time_point> link::last_contact() const noexcept {
    return up_ ? up_->last_heard() : heard_before_;
}

link_counters link::counters() const noexcept {
    return *counters_;
}

asio::awaitable<void> link::run(std::shared_ptr<link> self) {
    co_await asio::post(self->executor_, asio::use_awaitable);
    while (self->stage_ == stage::running) {
        const auto why = co_await self->connect_and_serve();
        if (self->stage_ == stage::closed) break;
        const bool steady = why.was_up && clock::now() - self->up_since_ >= steady_after;
        self->went_down(why);
        if (self->stage_ == stage::closed) break;
        const auto rest = self->pauses_.next(steady);
        if (rest == milliseconds(0)) continue;
        self->pause_.expires_after(rest);
        co_await self->pause_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

asio::awaitable<link_loss> link::connect_and_serve() {
    attempt_ = std::make_shared<link_attempt>(executor_, target_, settings_, protection_, counters_);
    auto made = co_await link_attempt::run(attempt_);
    attempt_.reset();
    if (auto* failed = std::get_if<link_loss>(&made)) co_return std::move(*failed);
    auto& [over, admitted] = std::get<established>(made);
    assert(stage_ == stage::running);
    came_up(over, admitted.life, admitted.window);
    auto why = co_await serve(over);
    why.was_up = true;
    co_return why;
}

void link::came_up(std::shared_ptr<connection> over, incarnation life, std::size_t leaders_window) {
    over->trust(settings_.max_frame_bytes);
    window_ = wire::request_window(std::min(settings_.max_in_flight, leaders_window));
    target_.leader_life = life;
    ++counters_->connects;
    pauses_.linked();
    up_since_ = clock::now();
    up_ = std::move(over);
    heartbeat_ = std::make_shared<heartbeat>(up_, target_.leader, settings_);
    heartbeat_->start();
}

asio::awaitable<link_loss> link::serve(std::shared_ptr<connection> over) {
    handlers_.on_up();
    while (stage_ == stage::running && over->is_open()) {
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

void link::went_down(const link_loss& why) {
    assert(why.was_up == (up_ != nullptr));
    if (const auto over = std::exchange(up_, nullptr)) {
        ++counters_->losses;
        heard_before_ = over->last_heard();
        std::exchange(heartbeat_, nullptr)->stop();
    }
    handlers_.on_down(why);
}

}  // namespace penholder::tcp
