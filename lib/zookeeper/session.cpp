#include "session.hpp"

#include "base/log.hpp"
#include "election/paths.hpp"
#include "session_core.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace penholder::zookeeper {
namespace {

constexpr int native_connection_loss = -4;

/// Nothing is queued on a handle without a connection: what was asked before a disconnect must not happen after it.
template <class Done>
void refuse(const session_core& core, std::string path, Done done) {
    boost::asio::post(core.executor(), [done = std::move(done), path = std::move(path)]() mutable {
        done(failure{reason::connection_loss, native_connection_loss, std::move(path)});
    });
}

/// Creates what is missing of `paths`, one after the other. What is there is not created again: an administrator may
/// have made it below a znode that is closed to us, and such a request is refused before the znode is looked for.
class missing_paths : public std::enable_shared_from_this<missing_paths> {
public:
    missing_paths(const std::shared_ptr<session_core>& core, std::vector<std::string> paths,
                  std::function<void(reply<>)> done)
        : core_(core), paths_(std::move(paths)), done_(std::move(done)) {}

    void look() {
        if (next_ == paths_.size()) return done_({});
        ask([&](handle& over, auto self) {
            over.exists(paths_[next_], false, [self](const reply<stat>& found) { self->found(found); });
        });
    }

private:
    template <class Ask>
    void ask(Ask question) {
        const auto core = core_.lock();
        auto* over = core ? core->usable() : nullptr;
        if (over == nullptr) return done_(failure{reason::connection_loss, native_connection_loss, paths_[next_]});
        question(*over, shared_from_this());
    }

    void found(const reply<stat>& there) {
        if (there) return go_on();
        if (there.error().why != reason::no_node) return done_(there.error());
        ask([&](handle& over, auto self) {
            over.create(paths_[next_], {}, create_mode::persistent,
                        [self](const reply<std::string>& made) { self->created(made); });
        });
    }

    /// Somebody else may have been faster.
    void created(const reply<std::string>& made) {
        if (!made && made.error().why != reason::node_exists) return done_(made.error());
        go_on();
    }

    void go_on() {
        ++next_;
        look();
    }

    std::weak_ptr<session_core> core_;
    std::vector<std::string> paths_;
    std::function<void(reply<>)> done_;
    std::size_t next_ = 0;
};

/// Listens for as long as a coroutine's frame lives.
class subscription_guard {
public:
    subscription_guard(std::shared_ptr<session_core> core, std::function<void(const session_event&)> on_session)
        : core_(std::move(core)), subscription_(core_->subscribe({{}, std::move(on_session), {}})) {}
    ~subscription_guard() { core_->unsubscribe(subscription_); }
    subscription_guard(const subscription_guard&) = delete;
    subscription_guard& operator=(const subscription_guard&) = delete;

private:
    std::shared_ptr<session_core> core_;
    std::uint64_t subscription_;
};

}  // namespace

session::session(boost::asio::any_io_executor executor, zookeeper_options options)
    : core_(std::make_shared<session_core>(std::move(executor), std::move(options))) {}

session::~session() {
    core_->shut();
}

boost::asio::any_io_executor session::get_executor() const {
    return core_->executor();
}

void session::open() {
    core_->open();
}

void session::close(std::function<void()> done) {
    core_->close(std::move(done));
}

boost::asio::awaitable<result<>> session::wait_connected(std::chrono::milliseconds within) {
    const auto core = core_;
    boost::asio::steady_timer deadline(core->executor(), within);
    const subscription_guard guard(core, [&deadline](const session_event& event) {
        if (event.what == session_event::kind::connected) deadline.cancel();
    });
    boost::system::error_code cut;
    if (!core->connected()) {
        co_await deadline.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cut));
    }
    if (core->connected()) co_return result<>();
    co_return core->trouble().value_or(
        error{errc::ensemble_unreachable, "the session was closed while it was awaited"});
}

std::uint64_t session::subscribe(listener who) {
    return core_->subscribe(std::move(who));
}

void session::unsubscribe(std::uint64_t subscription) {
    core_->unsubscribe(subscription);
}

bool session::connected() const noexcept {
    return core_->connected();
}

bool session::is_overdue() const noexcept {
    return core_->is_overdue();
}

bool session::is_refused() const noexcept {
    return core_->is_refused();
}

std::vector<ensemble_server_status> session::servers() const {
    const auto& by = core_->by_relay();
    return by ? by->servers() : std::vector<ensemble_server_status>();
}

std::optional<std::chrono::seconds> session::certificate_ends_in() const {
    const auto& by = core_->by_relay();
    return by ? by->certificate_ends_in() : std::nullopt;
}

void session::look_again() {
    if (const auto& by = core_->by_relay()) by->look_again();
}

std::int64_t session::id() const noexcept {
    return core_->id();
}

std::string session::id_text() const {
    return core_->id() == 0 ? std::string() : election::session_text(core_->id());
}

std::uint64_t session::generation() const noexcept {
    return core_->generation();
}

int session::granted_timeout_ms() const noexcept {
    return core_->granted_timeout_ms();
}

const std::string& session::root() const noexcept {
    return core_->options().root;
}

std::optional<error> session::trouble() const {
    return core_->trouble();
}

void session::get(std::string path, bool watch, std::function<void(reply<znode>)> done) {
    auto* handle = core_->usable();
    if (handle == nullptr) return refuse(*core_, std::move(path), std::move(done));
    handle->get(std::move(path), watch, std::move(done));
}

void session::exists(std::string path, bool watch, std::function<void(reply<stat>)> done) {
    auto* handle = core_->usable();
    if (handle == nullptr) return refuse(*core_, std::move(path), std::move(done));
    handle->exists(std::move(path), watch, std::move(done));
}

void session::children(std::string path, bool watch, std::function<void(reply<listing>)> done) {
    auto* handle = core_->usable();
    if (handle == nullptr) return refuse(*core_, std::move(path), std::move(done));
    handle->children(std::move(path), watch, std::move(done));
}

void session::is_open(std::string path, std::function<void(reply<bool>)> done) {
    auto* handle = core_->usable();
    if (handle == nullptr) return refuse(*core_, std::move(path), std::move(done));
    handle->is_open(std::move(path), std::move(done));
}

void session::create(std::string path, std::string data, create_mode mode,
                     std::function<void(reply<std::string>)> done) {
    auto* handle = core_->usable();
    if (handle == nullptr) return refuse(*core_, std::move(path), std::move(done));
    handle->create(std::move(path), std::move(data), mode, std::move(done));
}

void session::set(std::string path, std::string data, std::int32_t version, std::function<void(reply<stat>)> done) {
    auto* handle = core_->usable();
    if (handle == nullptr) return refuse(*core_, std::move(path), std::move(done));
    handle->set(std::move(path), std::move(data), version, std::move(done));
}

void session::remove(std::string path, std::int32_t version, std::function<void(reply<>)> done) {
    auto* handle = core_->usable();
    if (handle == nullptr) return refuse(*core_, std::move(path), std::move(done));
    handle->remove(std::move(path), version, std::move(done));
}

void session::transact(std::vector<operation> steps, std::function<void(reply<>)> done) {
    auto* handle = core_->usable();
    if (handle == nullptr) return refuse(*core_, steps.front().path, std::move(done));
    handle->transact(std::move(steps), std::move(done));
}

void session::create_parents(std::vector<std::string> paths, std::function<void(reply<>)> done) {
    if (core_->usable() == nullptr) return refuse(*core_, paths.front(), std::move(done));
    std::make_shared<missing_paths>(core_, std::move(paths), std::move(done))->look();
}

}  // namespace penholder::zookeeper
