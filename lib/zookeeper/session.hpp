#pragma once

#include "reply.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>
#include <penholder/status.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace penholder::zookeeper {

/// What a session tells those who listen to it.
struct session_event {
    enum class kind : std::uint8_t {
        connected,  ///< Attached, for the first time or again; `session_id` says whether it is the same session.
        suspended,  ///< The connection is down; the session and its znodes may still live.
        overdue,    ///< Suspended, and nothing was answered for longer than the session's time-out. No proof of expiry.
        expired,    ///< The ensemble said that the session is over. A new one is on its way.
    };
    kind what = kind::suspended;
    std::uint64_t generation = 0;  ///< Of the client handle; a handle is replaced, never reused.
    std::int64_t session_id = 0;
};

/// A watch that fired: something about the znode at `path` is no longer what was read.
struct watch_event {
    enum class kind : std::uint8_t { created, deleted, changed, children };
    kind what = kind::changed;
    std::uint64_t generation = 0;
    std::string path;
};

/// Who listens to a session: state changes, and fired watches at or under `prefix`.
struct listener {
    std::string prefix;
    std::function<void(const session_event&)> on_session;
    std::function<void(const watch_event&)> on_watch;
};

class session_core;

/// One session with the ensemble, kept alive for all groups of a node: reconnects within a session, opens a new one
/// when the old one has expired, and waits for ensembles that are not there yet. Owned by the node or by a command.
/// All calls are made on `executor`, which must be serial, and all callbacks run there, never from inside a call.
/// Operations are refused at once with `connection_loss` while no server is connected: nothing is queued. An operation
/// that was sent is answered within the session's time-out.
class session {
public:
    session(boost::asio::any_io_executor executor, zookeeper_options options);

    /// Ends the session where it is connected. May block for as long as the client library needs for that.
    ~session();
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    boost::asio::any_io_executor get_executor() const;
    void open();

    /// Ends the session, so that its ephemeral znodes vanish at once where it is connected. Everything pending is
    /// answered `session_expired`. Idempotent.
    void close(std::function<void()> done);

    /// Answers once connected, or ensemble_unreachable when `within` has passed.
    boost::asio::awaitable<result<>> wait_connected(std::chrono::milliseconds within);

    std::uint64_t subscribe(listener who);
    void unsubscribe(std::uint64_t subscription);

    bool connected() const noexcept;  ///< And answered on that connection, within the session's time-out.

    /// Nothing was answered for longer than that, or there is no session to be had: `trouble` says why.
    bool is_overdue() const noexcept;
    /// Not connected for a while, and not long ago a server took a connection and closed it at once.
    bool is_refused() const noexcept;
    std::int64_t id() const noexcept;  ///< 0 without a session.
    std::string id_text() const;       ///< 16 hexadecimal digits; empty without a session.
    std::uint64_t generation() const noexcept;
    int granted_timeout_ms() const noexcept;  ///< 0 before the first connection.
    const std::string& root() const noexcept;

    /// What keeps the session from its work, for people; nothing while it is connected.
    std::optional<error> trouble() const;

    /// Of an ensemble that is reached by TLS: its servers, until when the certificate is good that they are shown, and
    /// reading the files of certificates now.
    std::vector<ensemble_server_status> servers() const;
    std::optional<std::chrono::seconds> certificate_ends_in() const;
    void look_again();

    /// A watch that is asked for fires once, also when the znode did not exist (`get` and `children` leave none then).
    void get(std::string path, bool watch, std::function<void(reply<znode>)> done);
    void exists(std::string path, bool watch, std::function<void(reply<stat>)> done);
    void children(std::string path, bool watch, std::function<void(reply<listing>)> done);

    /// Whether anybody may change it, or make znodes below it.
    void is_open(std::string path, std::function<void(reply<bool>)> done);

    /// Answers the path as created. Parents are not made.
    void create(std::string path, std::string data, create_mode mode, std::function<void(reply<std::string>)> done);
    void set(std::string path, std::string data, std::int32_t version, std::function<void(reply<stat>)> done);
    void remove(std::string path, std::int32_t version, std::function<void(reply<>)> done);

    /// All or nothing. The failure is the first step's that could not be done.
    void transact(std::vector<operation> steps, std::function<void(reply<>)> done);

    /// Creates each path, parents first, as an empty persistent znode; those that exist are left alone.
    void create_parents(std::vector<std::string> paths, std::function<void(reply<>)> done);

private:
    std::shared_ptr<session_core> core_;
};

}  // namespace penholder::zookeeper
