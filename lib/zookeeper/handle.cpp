#include "handle.hpp"

#include "base/log_event.hpp"
#include "client.hpp"
#include "unanswered.hpp"

#include <boost/asio/post.hpp>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace penholder::zookeeper {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::chrono::seconds not_long_ago{30};

/// When the client library last said so. It has one log for all of its handles, and nothing else that tells a server
/// which is away from one that refuses.
std::atomic<clock::time_point> hung_up{};

/// The client's lines repeat with every attempt to connect; the session's own lines are the operators' interface.
void forward_line(const char* message) {
    if (std::string_view(message).find("failed while receiving a server response") != std::string_view::npos) {
        hung_up = clock::now();
    }
    log_debug("zookeeper_client").with("line", message);
}

/// The library has lines that belong to no handle, and would write them to stderr.
void silence_library() {
    static FILE* const nowhere = std::fopen("/dev/null", "we");
    if (nowhere != nullptr) zoo_set_log_stream(nowhere);
}

void forward_event(zhandle_t*, int type, int state, const char* path, void* context) {
    if (context != nullptr) static_cast<handle*>(context)->notice(type, state, path);
}

std::optional<link_state> to_state(int state) {
    if (state == ZOO_CONNECTED_STATE) return link_state::connected;
    if (state == ZOO_EXPIRED_SESSION_STATE) return link_state::expired;
    if (state == ZOO_AUTH_FAILED_STATE) return link_state::auth_failed;
    if (state == ZOO_CONNECTING_STATE || state == ZOO_ASSOCIATING_STATE || state == ZOO_NOTCONNECTED_STATE) {
        return link_state::connecting;
    }
    return std::nullopt;
}

std::optional<watch_event::kind> to_kind(int type) {
    if (type == ZOO_CREATED_EVENT) return watch_event::kind::created;
    if (type == ZOO_DELETED_EVENT) return watch_event::kind::deleted;
    if (type == ZOO_CHANGED_EVENT) return watch_event::kind::changed;
    if (type == ZOO_CHILD_EVENT) return watch_event::kind::children;
    return std::nullopt;
}

}  // namespace

handle::handle(boost::asio::any_io_executor executor, callbacks what)
    : around_{std::move(executor), std::make_shared<unanswered_requests>()}, callbacks_(std::move(what)) {}

handle::~handle() {
    close();
}

result<> handle::open(const zookeeper_options& options, const std::string& servers, const session_key& key) {
    silence_library();
    zoo_set_debug_level(ZOO_LOG_LEVEL_WARN);
    clientid_t id{key.id, {}};
    std::memcpy(id.passwd, key.password.data(), sizeof id.passwd);
    native_ = zookeeper_init2(servers.c_str(), forward_event, options.session_timeout_ms, key.id != 0 ? &id : nullptr,
                              this, ZOO_NO_LOG_CLIENTENV, forward_line);
    if (native_ == nullptr) {
        const std::string why = std::strerror(errno);
        return error{errc::ensemble_unreachable,
                     "the client for ensemble '" + options.hosts + "' cannot start: " + why};
    }
    zoo_set_servers_resolution_delay(native_, -1);
    owned_by_creator_ = !options.digest.empty();
    if (owned_by_creator_) {
        const auto length = static_cast<int>(options.digest.size());
        zoo_add_auth(native_, "digest", options.digest.data(), length, nullptr, nullptr);
    }
    return {};
}

void handle::close() {
    auto* native = std::exchange(native_, nullptr);
    if (native == nullptr) return;
    zookeeper_close(native);
    around_.unanswered->fail_all(ZCLOSING);
}

session_key handle::key() const {
    session_key key;
    const auto* id = zoo_client_id(native_);
    key.id = id->client_id;
    std::memcpy(key.password.data(), id->passwd, key.password.size());
    return key;
}

bool handle::was_hung_up_on() noexcept {
    const auto last = hung_up.load();
    return last != clock::time_point{} && clock::now() - last < not_long_ago;
}

int handle::granted_timeout_ms() const {
    return zoo_recv_timeout(native_);
}

void handle::notice(int type, int state, const char* path) {
    if (type == ZOO_SESSION_EVENT) {
        if (const auto now = to_state(state))
            boost::asio::post(around_.executor, [tell = callbacks_.on_state, now] { tell(*now); });
        return;
    }
    if (const auto kind = to_kind(type)) {
        boost::asio::post(around_.executor,
                          [tell = callbacks_.on_watch, kind, where = std::string(path)] { tell(*kind, where); });
    }
}

const ACL_vector* handle::acl() const {
    return owned_by_creator_ ? &ZOO_CREATOR_ALL_ACL : &ZOO_OPEN_ACL_UNSAFE;
}

}  // namespace penholder::zookeeper
