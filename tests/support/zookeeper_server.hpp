#pragma once

#include "certificates.hpp"
#include "process.hpp"
#include "temporary_directory.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace penholder::testing {

/// The three ports of a server of an ensemble. A server on its own uses only the client port.
struct zookeeper_ports {
    std::uint16_t client = 0;
    std::uint16_t quorum = 0;
    std::uint16_t election = 0;
};

/// What a server that speaks TLS only goes by.
struct zookeeper_tls {
    issued own;
    std::string authority;            ///< Of its clients' certificates.
    bool wants_certificates = false;  ///< Of its clients.
    issued asking{};                  ///< What the tests' own questions show it; needed where it wants one.
};

/// One real ZooKeeper server on loopback. It ticks every 200 ms and grants sessions of 400 to 60000 ms. Its ports and
/// its data outlive stop and start.
class zookeeper_server {
public:
    /// A server on its own, started and answering; `more_settings` are lines of its configuration that count before
    /// the usual ones.
    explicit zookeeper_server(std::string more_settings = {});

    /// One that has no port without TLS.
    explicit zookeeper_server(zookeeper_tls by);

    /// Server `id` (from 1) of an ensemble whose servers have these ports; not started.
    zookeeper_server(unsigned id, std::vector<zookeeper_ports> everybody, std::optional<zookeeper_tls> by = {});

    /// From its next start on.
    void secure(zookeeper_tls by) { tls_ = std::move(by); }

    void start();   ///< A server on its own answers when this returns; one of an ensemble may need a quorum first.
    void stop();    ///< SIGTERM, and waits.
    void kill();    ///< SIGKILL, and waits.
    void pause();   ///< SIGSTOP: it keeps its connections and says nothing.
    void resume();  ///< SIGCONT.
    void restart();

    /// Forgets everything, as a server does that was set up anew. Only while it is stopped.
    void wipe();

    /// Answers clients: on its own, or as the leader or a follower of a quorum.
    bool serving() const;

    /// What the server says to a four-letter word ("ruok", "srvr", "cons" …); empty when it does not answer.
    std::string ask(const std::string& word) const;

    /// The session that owns the ephemeral znode at `path`, as the server writes it; empty where there is none.
    std::string owner_of(const std::string& path) const;

    /// Whether the session of that id has neither expired nor been closed.
    bool has_session(const std::string& id) const;

    std::uint16_t port() const { return everybody_[id_ - 1].client; }
    std::string connect_string() const { return "127.0.0.1:" + std::to_string(port()); }
    std::string log() const;

private:
    std::string configuration() const;

    temporary_directory directory_;
    unsigned id_;
    std::vector<zookeeper_ports> everybody_;
    std::string more_settings_;
    std::optional<zookeeper_tls> tls_;
    std::optional<process> process_;
};

/// Three servers that elect a leader among themselves; each can be stopped, killed and paused by itself.
class zookeeper_ensemble {
public:
    zookeeper_ensemble();  ///< Started, and serving on all three.
    /// The same by TLS only, one of these for each server.
    explicit zookeeper_ensemble(const std::vector<zookeeper_tls>& by);

    zookeeper_server& operator[](std::size_t index) { return *servers_.at(index); }
    std::size_t size() const { return servers_.size(); }
    std::string connect_string() const;

    /// The index of the server that leads the ensemble; nothing without a quorum.
    std::optional<std::size_t> leader() const;

    /// Waits until one of them leads and `servers` of them serve clients.
    void wait_for_quorum(std::size_t servers = 2) const;

    void stop();   ///< All of them.
    void start();  ///< All of them, and waits until all serve.

private:
    void set_up(const std::vector<std::optional<zookeeper_tls>>& by);

    std::vector<std::unique_ptr<zookeeper_server>> servers_;
};

}  // namespace penholder::testing
