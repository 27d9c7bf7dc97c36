#include "session_core.hpp"

#include "base/log_event.hpp"
#include "election/paths.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <string_view>

namespace penholder::zookeeper {
namespace {

using namespace std::chrono_literals;

constexpr int patience = 3;  ///< Session time-outs without a connection, after which a handle is replaced.

result<session_core::way> find_way(const zookeeper_options& options, std::shared_ptr<relay> by) {
    if (options.tls_ca_file.empty()) {
        auto found = look_up_servers(options.hosts, names::address_book::of_process());
        if (!found) return found.error();
        return session_core::way{std::move(*found), nullptr};
    }
    if (!by) {
        auto opened = relay::open(options);
        if (!opened) return opened.error();
        by = std::move(*opened);
    }
    return session_core::way{list_servers(by->listeners()), std::move(by)};
}

result<session_core::way> open_by_numbers(handle& made, const zookeeper_options& options, const session_key& key,
                                          std::shared_ptr<relay> by) {
    auto found = find_way(options, std::move(by));
    if (!found) return found;
    const auto opened = made.open(options, found->servers.text, key);
    if (!opened) return opened.error();
    return found;
}

}  // namespace

session_core::session_core(boost::asio::any_io_executor executor, zookeeper_options options)
    : executor_(std::move(executor)),
      options_(std::move(options)),
      beat_(executor_),
      reopening_(executor_, 200ms, 5s),
      looking_(executor_, 200ms, 5s) {}

void session_core::open() {
    answered_ = clock::now();
    open_handle();
    beat();
}

void session_core::open_handle() {
    if (closed_ || opening_) return;
    opening_ = true;
    early_.reset();
    ++generation_;
    handle::callbacks callbacks{
        [weak = weak_from_this(), generation = generation_](link_state state) {
            if (const auto self = weak.lock()) self->on_state(generation, state);
        },
        [weak = weak_from_this(), generation = generation_](watch_event::kind what, const std::string& path) {
            if (const auto self = weak.lock()) self->on_watch(generation, what, path);
        }};
    auto made = std::make_shared<handle>(executor_, std::move(callbacks));
    boost::asio::post(worker_, [weak = weak_from_this(), executor = executor_, options = options_, key = key_,
                                generation = generation_, by = way_.by, made]() mutable {
        auto found = open_by_numbers(*made, options, key, std::move(by));
        boost::asio::post(executor, [weak, generation, made = std::move(made), found = std::move(found)]() mutable {
            if (const auto self = weak.lock()) self->opened(generation, std::move(made), found);
        });
    });
}

void session_core::opened(std::uint64_t generation, std::shared_ptr<handle> made, const result<way>& found) {
    opening_ = false;
    if (found) way_ = *found;
    const bool wanted = generation == generation_ && !closed_;
    if (!wanted) {
        boost::asio::post(worker_, [made = std::move(made)] { made->close(); });
        return;
    }
    if (!found) {
        trouble_ = found.error();
        log_warn("ensemble_unreachable").with("reason", found.error().message);
        return open_later();
    }
    for (const auto& each : found->servers.unknown) {
        if (tried_.is_told()) log_warn("server_unknown").with("reason", each.message);
    }
    if (trouble_ && trouble_->code != errc::unauthorized) trouble_.reset();
    reopening_.begin_anew();
    handle_ = std::move(made);
    tried_.since = clock::now();
    if (const auto state = std::exchange(early_, std::nullopt)) on_state(generation, *state);
    if (!connected_) look_later();
}

/// Closing may block for seconds and must not be done on the client's own threads.
void session_core::retire_handle() {
    connected_ = false;
    if (!handle_) return;
    boost::asio::post(worker_, [old = std::move(handle_)] { old->close(); });
    handle_.reset();
}

void session_core::replace_handle() {
    ++tried_.replaced;
    if (tried_.is_told()) {
        log_warn("session_handle_replaced")
            .with("session", election::session_text(key_.id))
            .with("times", tried_.replaced);
    }
    retire_handle();
    open_handle();
}

void session_core::open_later() {
    reopening_.arm([weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->open_handle();
    });
}

/// The relay looks names up itself, for each connection.
void session_core::look_for_servers() {
    if (way_.by) return;
    boost::asio::post(
        worker_, [weak = weak_from_this(), executor = executor_, hosts = options_.hosts, generation = generation_] {
            auto servers = look_up_servers(hosts, names::address_book::of_process());
            boost::asio::post(executor, [weak, generation, servers = std::move(servers)] {
                if (const auto self = weak.lock()) self->found_servers(generation, servers);
            });
        });
}

/// A handle that has connected meanwhile is left alone: its server is one of the ensemble's.
void session_core::found_servers(std::uint64_t generation, const result<server_list>& servers) {
    const bool wanted = generation == generation_ && handle_ && !connected_ && !closed_;
    if (!wanted) return;
    if (servers && *servers != way_.servers) return replace_handle();
    look_later();
}

void session_core::look_later() {
    if (way_.by) return;
    looking_.arm([weak = weak_from_this(), generation = generation_] {
        const auto self = weak.lock();
        if (self && self->generation_ == generation && !self->connected_) self->look_for_servers();
    });
}

void session_core::on_state(std::uint64_t generation, link_state state) {
    if (generation != generation_ || closed_) return;
    if (!handle_) {
        early_ = state;
        return;
    }
    switch (state) {
        case link_state::connected: return on_connected();
        case link_state::connecting: return on_disconnected();
        case link_state::expired: return on_expired();
        case link_state::auth_failed: return on_auth_failed();
    }
}

void session_core::on_connected() {
    const auto before = key_.id;
    key_ = handle_->key();
    granted_ms_ = handle_->granted_timeout_ms();
    connected_ = true;
    overdue_ = false;
    tried_.replaced = 0;
    answered_ = clock::now();
    trouble_.reset();
    looking_.disarm();
    looking_.begin_anew();
    log_info("session_connected")
        .with("session", election::session_text(key_.id))
        .with("reattached", before == key_.id)
        .with("timeout_ms", granted_ms_);
    tell(session_event::kind::connected);
}

void session_core::on_disconnected() {
    if (!connected_) return;
    connected_ = false;
    tried_.since = clock::now();
    log_warn("session_suspended").with("session", election::session_text(key_.id));
    tell(session_event::kind::suspended);
    look_for_servers();
}

void session_core::on_expired() {
    log_warn("session_expired").with("session", election::session_text(key_.id));
    retire_handle();
    tell(session_event::kind::expired);
    key_ = {};
    open_handle();
}

void session_core::on_auth_failed() {
    trouble_ = error{errc::unauthorized,
                     "ensemble '" + options_.hosts + "' refuses the digest; correct zookeeper.digest and start again"};
    log_error("session_refused").with("reason", trouble_->message);
    retire_handle();
    tell(session_event::kind::suspended);
    open_later();
}

void session_core::on_watch(std::uint64_t generation, watch_event::kind what, const std::string& path) {
    if (generation == generation_ && !closed_) listeners_.tell(watch_event{what, generation, path});
}

void session_core::tell(session_event::kind what) {
    listeners_.tell(session_event{what, generation_, key_.id});
}

std::chrono::milliseconds session_core::timeout() const {
    return std::chrono::milliseconds(granted_ms_ > 0 ? granted_ms_ : options_.session_timeout_ms);
}

void session_core::beat() {
    beat_.expires_after(timeout() / 3);
    beat_.async_wait([weak = weak_from_this()](const boost::system::error_code& cut) {
        const auto self = weak.lock();
        if (!self || cut || self->closed_) return;
        self->on_beat();
        self->beat();
    });
}

/// While the host blocked its own thread no answer could be heard: that is not the ensemble's silence.
void session_core::on_beat() {
    const auto now = clock::now();
    answered_ = std::min(now, answered_ + (now - beat_.expiry()));
    if (connected_) probe();
    if (!overdue_ && now - answered_ >= timeout()) became_overdue();
    if (handle_ && !connected_ && now - tried_.since >= patience * timeout()) replace_handle();
}

/// A connection that says nothing is none, whatever the library makes of it.
void session_core::became_overdue() {
    overdue_ = true;
    const auto reason = trouble()->message;
    if (key_.id == 0) {
        log_warn("ensemble_unreachable").with("reason", reason);
        return;
    }
    log_warn("session_overdue")
        .with("session", election::session_text(key_.id))
        .with("timeout_ms", timeout().count())
        .with("reason", reason);
    if (connected_) tell(session_event::kind::suspended);
    tell(session_event::kind::overdue);
}

void session_core::probe() {
    handle_->exists("/", false, [weak = weak_from_this(), generation = generation_](const reply<stat>& answer) {
        const auto self = weak.lock();
        const bool answered = answer || !answer.error().lost();
        if (!self || !answered || self->generation_ != generation || !self->connected_) return;
        self->answered_ = clock::now();
        if (self->overdue_) self->on_connected();
    });
}

/// Servers that elect a leader do so, too, for a moment.
bool session_core::is_refused() const noexcept {
    constexpr std::chrono::seconds longer_than_an_election{1};
    return !connected() && clock::now() - answered_ >= longer_than_an_election && (was_hung_up_on() || refusal());
}

bool session_core::was_hung_up_on() const noexcept {
    return way_.by ? way_.by->was_hung_up_on() : handle::was_hung_up_on();
}

std::optional<std::string> session_core::refusal() const {
    return way_.by ? way_.by->refusal() : std::nullopt;
}

std::optional<error> session_core::trouble() const {
    if (connected()) return std::nullopt;
    if (trouble_) return trouble_;
    const auto silent = std::chrono::duration_cast<std::chrono::seconds>(clock::now() - answered_).count();
    const auto refused = refusal();
    const std::string advice =
        refused ? "; " + *refused
        : was_hung_up_on()
            ? "; a server takes connections and closes them at once: it has no quorum, or this host has as many "
              "connections as its maxClientCnxns allows"
            : "; see that a majority of its servers runs and can be reached";
    return error{errc::ensemble_unreachable,
                 "ensemble '" + options_.hosts + "' has not answered for " + std::to_string(silent) + " s" + advice};
}

void session_core::close(std::function<void()> done) {
    closed_ = true;
    beat_.cancel();
    reopening_.disarm();
    looking_.disarm();
    retire_handle();
    key_ = {};
    boost::asio::post(worker_, [executor = executor_, done = std::move(done)]() mutable {
        boost::asio::post(executor, std::move(done));
    });
}

void session_core::shut() {
    closed_ = true;
    retire_handle();
    worker_.join();
}

}  // namespace penholder::zookeeper
