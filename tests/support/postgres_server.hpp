#pragma once

#include "process.hpp"
#include "temporary_directory.hpp"

#include <pqxx/pqxx>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace penholder::testing {

/// What is unlike PostgreSQL's defaults in a test's server.
struct postgres_options {
    bool fsync = false;  ///< Killed processes lose nothing without it; killed machines would.
    std::map<std::string, std::string> settings{};  ///< More lines of postgresql.conf.
    std::vector<std::string> environment{};         ///< "NAME=value", for the server's processes.
};

/// One real PostgreSQL server with a private socket folder and a loopback port. Superuser `postgres`, everybody is
/// trusted. Its port and its data outlive stop and start.
class postgres_server {
public:
    explicit postgres_server(postgres_options options = {});  ///< Started, and accepting connections.
    ~postgres_server();

    void start();
    void stop();            ///< "fast": sessions are ended, data are written out.
    void stop_immediate();  ///< "immediate": as in a crash, recovery follows at the next start.
    void kill();            ///< SIGKILL to the postmaster; its backends follow.
    void restart();
    void pause();  ///< SIGSTOP to the postmaster and every backend.
    void resume();

    /// A libpq connection string over the private socket; `conninfo_tcp` over loopback TCP, for proxies.
    std::string conninfo(const std::string& database = "postgres") const;
    std::string conninfo_tcp(const std::string& database = "postgres") const;

    void create_database(const std::string& name);

    /// Runs SQL as superuser, each call on a connection of its own, outside a transaction block.
    pqxx::result exec(const std::string& sql, const std::string& database = "postgres");

    /// A streaming replica of this server, started and connected.
    std::unique_ptr<postgres_server> standby(postgres_options options = {}) const;
    void promote();  ///< Makes a standby accept writes; returns when it does.

    std::uint16_t port() const noexcept { return port_; }
    std::string log() const;

private:
    postgres_server(const postgres_server& primary, postgres_options options);

    void make_folder();
    void configure();
    void end(int signal);
    void signal_everybody(int signal) const;
    bool accepts() const;
    bool booted();
    std::filesystem::path data() const { return directory_ / "pg" / "data"; }

    temporary_directory directory_;
    postgres_options options_;
    std::uint16_t port_;
    std::optional<process> process_;
};

}  // namespace penholder::testing
