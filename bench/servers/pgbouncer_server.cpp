#include "pgbouncer_server.hpp"

#include "support/patience.hpp"
#include "support/ports.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <fstream>

namespace penholder::bench {

pgbouncer_server::pgbouncer_server(const testing::postgres_server& before, std::string database, int pool_size)
    : database_(std::move(database)),
      port_(testing::free_port()),
      process_({.command = {"/usr/sbin/pgbouncer", configure(before, pool_size)},
                .log_file = directory_ / "log",
                .user = "postgres",
                .directory = "/"}) {
    testing::wait_until("PgBouncer answers; its log: " + (directory_ / "log").string(),
                        [this] { return PQping(conninfo().c_str()) == PQPING_OK; });
}

std::filesystem::path pgbouncer_server::configure(const testing::postgres_server& before, int pool_size) const {
    const auto folder = directory_ / "socket";
    std::filesystem::create_directory(folder);
    std::filesystem::permissions(folder, std::filesystem::perms::all);
    std::ofstream(directory_ / "users") << "\"postgres\" \"\"\n";
    std::ofstream(directory_ / "pgbouncer.ini") << fmt::format(
        "[databases]\n{0} = {1}\n[pgbouncer]\nlisten_port = {2}\nunix_socket_dir = {3}\nauth_type = trust\n"
        "auth_file = {4}\npool_mode = transaction\ndefault_pool_size = {5}\nmax_client_conn = 1000\n"
        "ignore_startup_parameters = extra_float_digits\nlog_connections = 0\nlog_disconnections = 0\n",
        database_, before.conninfo(database_), port_, folder.string(), (directory_ / "users").string(), pool_size);
    return directory_ / "pgbouncer.ini";
}

std::string pgbouncer_server::conninfo() const {
    return fmt::format("host={} port={} user=postgres dbname={}", (directory_ / "socket").string(), port_, database_);
}

}  // namespace penholder::bench
