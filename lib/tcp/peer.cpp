#include "peer.hpp"

#include "base/log_event.hpp"
#include "bounds.hpp"
#include "handshake.hpp"

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

peer::peer(std::shared_ptr<peers> among, asio::ip::tcp::socket socket, std::string address)
    : among_(std::move(among)),
      door_(socket.get_executor()),
      connection_(std::make_shared<connection>(std::move(socket), handshake_frame_bytes,
                                               outgoing_bound(among_->settings.max_frame_bytes), among_->counted)),
      address_(std::move(address)) {
    among_->all.insert(this);
    join_strangers();
}

peer::~peer() {
    leave_strangers();
    among_->all.erase(this);
}

asio::awaitable<void> peer::run(std::shared_ptr<peer> self) {
    auto& among = *self->among_;
    const greeting_questions ask{among.handlers.knows_group, [self] { return self->why_no_link(); }};
    auto greeted = co_await greet_follower(self->connection_, among.self, among.settings, ask);
    if (greeted) {
        self->group_ = std::move(greeted->hello.group);
        self->node_ = std::move(greeted->hello.node);
        self->leave_strangers();
        co_await self->wait_at_door();
        self->connection_->send(greeted->welcome);
        self->enter(stage::serving);
        co_await self->serve();
    } else if (!among.stopped) {
        ++among.counters.refused;
        self->log_end("link_refused", greeted.error());
        co_await self->refuse(greeted.error());
    }
}

std::optional<error> peer::why_no_link() const {
    const auto most = among_->settings.max_links;
    if (among_->linked() < most) return std::nullopt;
    ++among_->counters.turned_away;
    return error{errc::overloaded, std::to_string(most) + " nodes are linked here already; raise [link] max_links"};
}

/// At most for as long as a handshake may take: then the follower is gone anyway.
asio::awaitable<void> peer::wait_at_door() {
    const auto is_shut = [this] {
        const auto& shut = among_->handlers.is_shut;
        return !among_->stopped && shut && shut(group_) && connection_->is_open();
    };
    while (is_shut()) {
        door_.expires_after(milliseconds(among_->settings.handshake_timeout_ms));
        co_await door_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

void peer::part(const error& why) {
    connection_->part(why);
    door_.cancel();
}

asio::awaitable<void> peer::serve() {
    const auto counted = among_->links.try_emplace(group_).first;
    ++counted->second;
    connection_->trust(among_->settings.max_frame_bytes);
    log_info("link_accepted").with("group", group_).with("peer", node_).with("address", address_);
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
    --counted->second;
    if (sound) {
        log_how_it_ended();
    } else {
        ++among_->counters.cut;
        log_end("link_cut", sound.error());
        co_await refuse(sound.error());
    }
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
    leave_strangers();
    connection_->cut(silent("others wait to be greeted and this one has taken longest"));
}

void peer::enter(stage next) {
    next == stage::serving ? leave_strangers() : join_strangers();
    stage_ = next;
    stage_began_ = clock::now();
}

void peer::join_strangers() {
    if (!among_strangers_) among_strangers_ = among_->strangers.insert(among_->strangers.end(), this);
}

void peer::leave_strangers() {
    if (const auto at = std::exchange(among_strangers_, std::nullopt)) among_->strangers.erase(*at);
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
