#include "session_core.hpp"

#include "base/log_event.hpp"
#include "election/paths.hpp"

#include <boost/asio/post.hpp>

#include <random>
#include <string_view>

namespace penholder::zookeeper {
namespace {

using namespace std::chrono_literals;

constexpr int patience = 3;  ///< Session time-outs without a connection, after which a handle is replaced.

bool is_under(std::string_view path, std::string_view prefix) {
    return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

}  // namespace

session_core::session_core(boost::asio::any_io_executor executor, zookeeper_options options)
    : executor_(std::move(executor)),
      options_(std::move(options)),
      beat_(executor_),
      reopening_(executor_),
      reopenings_(200ms, 5s, std::random_device{}()) {}

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
                                generation = generation_, made]() mutable {
        auto outcome = made->open(options, key);
        boost::asio::post(executor, [weak, generation, made = std::move(made), outcome = std::move(outcome)]() mutable {
            if (const auto self = weak.lock()) self->opened(generation, std::move(made), outcome);
        });
    });
}

void session_core::opened(std::uint64_t generation, std::shared_ptr<handle> made, const result<>& outcome) {
    opening_ = false;
    const bool wanted = generation == generation_ && !closed_;
    if (!wanted) {
        boost::asio::post(worker_, [made = std::move(made)] { made->close(); });
        return;
    }
    if (!outcome) {
        trouble_ = outcome.error();
        log_warn("ensemble_unreachable").with("reason", outcome.error().message);
        return open_later();
    }
    reopenings_.reset();
    handle_ = std::move(made);
    tried_ = clock::now();
    if (const auto state = std::exchange(early_, std::nullopt)) on_state(generation, *state);
}

/// Closing may block for seconds and must not be done on the client's own threads.
void session_core::retire_handle() {
    connected_ = false;
    if (!handle_) return;
    boost::asio::post(worker_, [old = std::move(handle_)] { old->close(); });
    handle_.reset();
}

void session_core::open_later() {
    reopening_.expires_after(reopenings_.next());
    reopening_.async_wait([weak = weak_from_this()](const boost::system::error_code& cut) {
        const auto self = weak.lock();
        if (self && !cut) self->open_handle();
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
    answered_ = clock::now();
    trouble_.reset();
    log_info("session_connected")
        .with("session", election::session_text(key_.id))
        .with("reattached", before == key_.id)
        .with("timeout_ms", granted_ms_);
    tell(session_event::kind::connected);
}

void session_core::on_disconnected() {
    if (!connected_) return;
    connected_ = false;
    tried_ = clock::now();
    log_warn("session_suspended").with("session", election::session_text(key_.id));
    tell(session_event::kind::suspended);
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
    if (generation != generation_ || closed_) return;
    const watch_event event{what, generation, path};
    for (const auto& [key, who] : std::map(listeners_)) {
        if (listeners_.contains(key) && who.on_watch && is_under(path, who.prefix)) who.on_watch(event);
    }
}

/// Listeners may come and go while they are told.
void session_core::tell(session_event::kind what) {
    const session_event event{what, generation_, key_.id};
    for (const auto& [key, who] : std::map(listeners_)) {
        if (listeners_.contains(key) && who.on_session) who.on_session(event);
    }
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

void session_core::on_beat() {
    const auto now = clock::now();
    if (connected_) probe();
    const bool is_news = !overdue_ && now - answered_ >= timeout();
    if (is_news) overdue_ = true;
    if (is_news && key_.id == 0) log_warn("ensemble_unreachable").with("reason", trouble()->message);
    if (is_news && key_.id != 0) {
        log_warn("session_overdue")
            .with("session", election::session_text(key_.id))
            .with("timeout_ms", timeout().count())
            .with("reason", trouble()->message);
        tell(session_event::kind::overdue);
    }
    if (handle_ && !connected_ && now - tried_ >= patience * timeout()) {
        log_warn("session_handle_replaced").with("session", election::session_text(key_.id));
        retire_handle();
        open_handle();
    }
}

void session_core::probe() {
    handle_->exists("/", false, [weak = weak_from_this()](const reply<stat>& answer) {
        const auto self = weak.lock();
        if (!self || (!answer && answer.error().lost())) return;
        self->answered_ = clock::now();
        self->overdue_ = false;
    });
}

std::uint64_t session_core::subscribe(listener who) {
    listeners_.emplace(++subscriptions_, std::move(who));
    return subscriptions_;
}

void session_core::unsubscribe(std::uint64_t subscription) {
    listeners_.erase(subscription);
}

std::optional<error> session_core::trouble() const {
    if (connected_ && !overdue_) return std::nullopt;
    if (trouble_) return trouble_;
    const auto silent = std::chrono::duration_cast<std::chrono::seconds>(clock::now() - answered_).count();
    const std::string_view advice =
        handle::was_hung_up_on()
            ? "; a server takes connections and closes them at once: it has no quorum, or this host has as many "
              "connections as its maxClientCnxns allows"
            : "; see that a majority of its servers runs and can be reached";
    return error{errc::ensemble_unreachable, "ensemble '" + options_.hosts + "' has not answered for " +
                                                 std::to_string(silent) + " s" + std::string(advice)};
}

void session_core::close(std::function<void()> done) {
    closed_ = true;
    beat_.cancel();
    reopening_.cancel();
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
