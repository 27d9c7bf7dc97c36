#include "peer.hpp"

#include "base/log_event.hpp"
#include "bounds.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cassert>
#include <utility>

namespace penholder::tcp {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

link_loss silent(std::string message) {
    return {loss::silent, {errc::link_lost, std::move(message)}, false, {}};
}

// The outcome is what matters; rows that no frame can hold are left out, the count of rows stays.
void leave_out_rows(receipt& of) {
    for (auto& one : of.statements) one.rows.clear();
}

}  // namespace

std::size_t peers::linked() const noexcept {
    std::size_t all_groups = 0;
    for (const auto& [group, count] : links) all_groups += count;
    return all_groups;
}

peer::peer(std::shared_ptr<peers> among, std::unique_ptr<transport> over)
    : among_(std::move(among)),
      address_(over->peer_address()),
      connection_(std::make_shared<connection>(std::move(over), handshake_frame_bytes,
                                               outgoing_bound(among_->settings.max_frame_bytes), among_->counted)),
      wait_(connection_->executor()) {
    among_->all.insert(this);
    join_unauthenticated();
}

peer::~peer() {
    leave_unauthenticated();
    among_->all.erase(this);
}

asio::awaitable<void> peer::run(std::shared_ptr<peer> self) {
    const auto greeted = co_await self->greet();
    if (greeted) {
        co_await self->serve();
    } else if (!self->among_->stopped) {
        ++self->among_->counters.refused;
        self->log_end("link_refused", greeted.error());
        co_await self->refuse(greeted.error());
    }
}

asio::awaitable<result<>> peer::greet() {
    if (!co_await connection_->secure()) co_return connection_->cause()->why;
    auto first = co_await connection_->receive();
    if (!first) co_return first.error();
    wire::leader_handshake handshake(among_->self.node, among_->self.life, among_->settings);
    const auto now = admission(*first);
    const auto step = handshake.on(std::move(*first), now);
    if (const auto* refused = std::get_if<wire::leader_handshake::refused>(&step)) {
        if (refused->for_room) ++among_->counters.turned_away;
        co_return refused->why;
    }
    connection_->send(std::get<wire::introduction>(step));
    group_ = handshake.follower().group;
    node_ = handshake.follower().node;
    leave_unauthenticated();
    co_await wait_until_accepted();
    if (!connection_->is_open()) co_return connection_->cause()->why;
    connection_->send(handshake.welcome());
    co_return result<>{};
}

wire::link_admission peer::admission(const wire::message& of) const {
    wire::link_admission now;
    if (const auto* hello = std::get_if<wire::hello>(&of); hello && among_->handlers.knows_group) {
        now.knows_group = among_->handlers.knows_group(hello->group);
    }
    now.links = among_->linked();
    now.peer_names = connection_->peer_names();
    return now;
}

/// At most for as long as a handshake may take: then `check()` cuts the connection.
asio::awaitable<void> peer::wait_until_accepted() {
    const auto must_wait = [this] {
        const auto& accepts = among_->handlers.accepts_links;
        return !among_->stopped && accepts && !accepts(group_) && connection_->is_open();
    };
    while (must_wait()) {
        wait_.expires_after(milliseconds(among_->settings.handshake_timeout_ms));
        co_await wait_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

void peer::part(const error& why) {
    connection_->part(why);
    wait_.cancel();
}

asio::awaitable<void> peer::serve() {
    enter(stage::serving);
    count_link(true);
    connection_->trust(among_->settings.max_frame_bytes);
    log_info("link_accepted").with("group", group_).with("peer", node_).with("address", address_);
    const auto sound = co_await answer_requests();
    count_link(false);
    if (sound) {
        log_how_it_ended();
    } else {
        ++among_->counters.cut;
        log_end("link_cut", sound.error());
        co_await refuse(sound.error());
    }
}

void peer::count_link(bool is_up) {
    auto& links = among_->links[group_];
    is_up ? ++links : --links;
    const auto& told = among_->handlers.on_links;
    if (told && !among_->stopped) told(group_, links);
}

/// Until the connection has ended, or with what the follower did wrong.
asio::awaitable<result<>> peer::answer_requests() {
    result<> sound;
    while (sound && connection_->is_open()) {
        auto got = connection_->next();
        if (!got) {
            sound = got.error();
        } else if (*got) {
            sound = handle(std::move(**got));
        } else {
            co_await connection_->more();
        }
    }
    co_return sound;
}

asio::awaitable<void> peer::refuse(error why) {
    enter(stage::parting);
    co_await connection_->part_gently(std::move(why));
}

result<> peer::handle(wire::message what) {
    if (auto* request = std::get_if<wire::request>(&what)) {
        take(std::move(*request));
    } else if (auto* asked = std::get_if<wire::ping>(&what)) {
        connection_->send(wire::pong{asked->number});
    } else if (auto* goodbye = std::get_if<wire::goodbye>(&what)) {
        connection_->cut({loss::closed, std::move(goodbye->why), false, {}});
    } else if (!std::holds_alternative<wire::pong>(what)) {
        return error{errc::protocol_mismatch, "the follower sent a message that only leaders send"};
    }
    return {};
}

void peer::take(wire::request asked) {
    ++in_flight_;
    if (const auto most = among_->settings.max_in_flight; in_flight_ > most) {
        ++among_->counters.overloaded;
        const auto why = std::to_string(most) + " requests of this link have no reply yet; try again later";
        return answer({asked.id, wire::refuse(asked.what, {errc::overloaded, why})});
    }
    const auto respond = [weak = weak_from_this(), id = asked.id](wire::reply_body made) {
        if (const auto self = weak.lock()) self->answer({id, std::move(made)});
    };
    among_->handlers.on_request(group_, std::move(asked.what), respond);
}

void peer::answer(wire::reply made) {
    assert(in_flight_ > 0);
    --in_flight_;
    if (stage_ != stage::serving || connection_->send(made)) return;
    auto* const whole = wire::receipt_in(made.what);
    if (whole == nullptr) return;
    leave_out_rows(*whole);
    log_warn("reply_too_large")
        .with("group", group_)
        .with("peer", node_)
        .with("write_id", whole->write_id)
        .with("rows", "left_out");
    connection_->send(made);
}

void peer::check(clock::time_point now) {
    const auto& settings = among_->settings;
    if (!connection_->is_open()) return;
    if (stage_ == stage::serving) {
        if (now - connection_->last_heard() < milliseconds(settings.silence_timeout_ms)) return;
        ++among_->counters.cut;
        connection_->cut(
            silent("the follower said nothing for " + std::to_string(settings.silence_timeout_ms) + " ms"));
        return;
    }
    if (now - stage_began_ < milliseconds(settings.handshake_timeout_ms)) return;
    const auto* what = stage_ == stage::greeting ? "no handshake within " : "not closed after a goodbye for ";
    connection_->cut(silent(what + std::to_string(settings.handshake_timeout_ms) + " ms"));
}

void peer::make_room() {
    ++among_->counters.crowded_out;
    leave_unauthenticated();
    connection_->cut(silent("others wait to be greeted and this one has taken longest"));
}

void peer::enter(stage next) {
    next == stage::serving ? leave_unauthenticated() : join_unauthenticated();
    stage_ = next;
    stage_began_ = clock::now();
}

void peer::join_unauthenticated() {
    if (!among_unauthenticated_)
        among_unauthenticated_ = among_->unauthenticated.insert(among_->unauthenticated.end(), this);
}

void peer::leave_unauthenticated() {
    if (const auto at = std::exchange(among_unauthenticated_, std::nullopt)) among_->unauthenticated.erase(*at);
}

void peer::log_how_it_ended() {
    const auto& cause = *connection_->cause();
    if (cause.how == loss::silent || cause.why.code == errc::overloaded) {
        ++among_->counters.cut;
        return log_end("link_cut", cause.why);
    }
    log_info("link_gone")
        .with("group", group_)
        .with("peer", node_)
        .with("address", address_)
        .with("reason", cause.why.message);
}

void peer::log_end(std::string_view event, const error& why) {
    const auto kept_back = among_->lines.pass(clock::now());
    if (!kept_back) return;
    log_warn(event)
        .with("group", group_.empty() ? "-" : group_)
        .with("peer", node_.empty() ? "-" : node_)
        .with("address", address_)
        .with("code", to_string(why.code))
        .with("kept_back", *kept_back)
        .with("reason", why.message);
}

}  // namespace penholder::tcp
