#pragma once

#include "reply.hpp"
#include "session.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

struct _zhandle;
struct ACL_vector;

namespace penholder::zookeeper {

class unanswered_requests;

/// What lets a new handle take up a session that an old one had.
struct session_key {
    std::int64_t id = 0;
    std::array<char, 16> password{};
};

/// What the client library says of a handle's connection.
enum class link_state : std::uint8_t { connecting, connected, expired, auth_failed };

/// One handle of the C client, from init to close; never taken up again after its session has expired. Owned by the
/// session. Opened and closed on the session's worker thread since both may block; used on its executor, where all
/// callbacks run. The client's own threads only copy and post.
class handle {
public:
    struct callbacks {
        std::function<void(link_state)> on_state;
        std::function<void(watch_event::kind, std::string path)> on_watch;
    };

    /// Where a request's answer goes, and those that it is one of.
    struct surroundings {
        boost::asio::any_io_executor executor;
        std::shared_ptr<unanswered_requests> unanswered;
    };

    handle(boost::asio::any_io_executor executor, callbacks what);

    /// May block. `servers` are numbers, as of a `server_list`. Errors: ensemble_unreachable.
    result<> open(const zookeeper_options& options, const std::string& servers, const session_key& key);

    /// Blocks until the client's threads have ended. Not to be called on them.
    void close();
    ~handle();
    handle(const handle&) = delete;
    handle& operator=(const handle&) = delete;

    session_key key() const;
    int granted_timeout_ms() const;

    void get(std::string path, bool watch, std::function<void(reply<znode>)> done);
    void exists(std::string path, bool watch, std::function<void(reply<stat>)> done);
    void children(std::string path, bool watch, std::function<void(reply<listing>)> done);
    /// Whether anybody may change it, or make znodes below it.
    void is_open(std::string path, std::function<void(reply<bool>)> done);
    void create(std::string path, std::string data, create_mode mode, std::function<void(reply<std::string>)> done);
    void set(std::string path, std::string data, std::int32_t version, std::function<void(reply<stat>)> done);
    void remove(std::string path, std::int32_t version, std::function<void(reply<>)> done);
    void transact(std::vector<operation> steps, std::function<void(reply<>)> done);

    /// Whether, not long ago, a server took a connection of this process's and closed it without an answer.
    static bool was_hung_up_on() noexcept;

    /// Called by the client's threads.
    void notice(int type, int state, const char* path);

private:
    const ACL_vector* acl() const;

    surroundings around_;
    callbacks callbacks_;
    _zhandle* native_ = nullptr;
    bool owned_by_creator_ = false;  ///< Znodes get ACL CREATOR_ALL.
};

}  // namespace penholder::zookeeper
