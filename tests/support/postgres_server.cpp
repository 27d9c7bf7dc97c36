#include "postgres_server.hpp"

#include "patience.hpp"
#include "ports.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <fstream>
#include <stdexcept>

namespace penholder::testing {
namespace {

constexpr auto base_settings = R"(listen_addresses = '127.0.0.1'
max_connections = 60
shared_buffers = 16MB
max_wal_size = 256MB
wal_retrieve_retry_interval = 200ms
max_prepared_transactions = 10
logging_collector = off
log_line_prefix = '%m [%p] %a '
)";

std::string program(const std::string& name) {
    std::filesystem::path newest;
    for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql"))
        if (version.path() > newest && exists(version.path() / "bin" / name)) newest = version.path();
    return newest / "bin" / name;
}

void run_as_postgres(std::vector<std::string> command) {
    run({.command = std::move(command), .user = "postgres", .directory = "/"});
}

void make_postgres_folder(const std::filesystem::path& folder) {
    std::filesystem::create_directory(folder);
    if (::getuid() == 0) run({.command = {"chown", "postgres:", folder}});
}

// Every server of a test process begins as a copy of one new cluster.
std::filesystem::path template_cluster() {
    static const temporary_directory home;
    static const std::filesystem::path data = [] {
        make_postgres_folder(home / "pg");
        auto folder = home / "pg" / "data";
        run_as_postgres({program("initdb"), "--username=postgres", "--auth=trust", "--encoding=UTF8",
                         "--locale=C.UTF-8", "--no-sync", "--pgdata=" + folder.string()});
        return folder;
    }();
    return data;
}

// A value of postgresql.conf or of a connection string.
std::string quoted(const std::string& value) {
    std::string text = "'";
    for (const char c : value) text += c == '\'' || c == '\\' ? std::string{'\\', c} : std::string{c};
    return text + "'";
}

}  // namespace

postgres_server::postgres_server(postgres_options options) : options_(std::move(options)), port_(free_port()) {
    make_folder();
    run_as_postgres({"cp", "-a", template_cluster(), data()});
    configure();
    start();
}

postgres_server::postgres_server(const postgres_server& primary, postgres_options options)
    : options_(std::move(options)), port_(free_port()) {
    make_folder();
    run_as_postgres({program("pg_basebackup"), "--no-sync", "--checkpoint=fast", "--write-recovery-conf",
                     "--pgdata=" + data().string(), "--dbname=" + primary.conninfo() + " application_name=standby"});
    configure();
    start();
}

postgres_server::~postgres_server() {
    kill();
}

void postgres_server::make_folder() {
    make_postgres_folder(directory_ / "pg");
}

void postgres_server::configure() {
    std::ofstream file(data() / "postgresql.conf", std::ios::app);
    file << base_settings << "port = " << port_ << "\nfsync = " << (options_.fsync ? "on" : "off") << '\n'
         << "unix_socket_directories = " << quoted(directory_ / "pg") << '\n';
    for (const auto& [name, value] : options_.settings) file << name << " = " << quoted(value) << '\n';
    if (!file.flush()) throw std::runtime_error("cannot write " + (data() / "postgresql.conf").string());
}

void postgres_server::start() {
    // Right after a kill the dead server's backends may still hold its shared memory: then it takes another try.
    wait_until(
        "PostgreSQL starts; its log: " + (directory_ / "log").string(), [this] { return booted(); }, limit::boot);
}

bool postgres_server::booted() {
    if (!process_ || !process_->running())
        process_.emplace(process_options{.command = {program("postgres"), "-D", data()},
                                         .log_file = directory_ / "log",
                                         .user = "postgres",
                                         .environment = options_.environment,
                                         .directory = "/"});
    return eventually([this] { return accepts() || !process_->running(); }) && process_->running();
}

bool postgres_server::accepts() const {
    return ::PQping((conninfo() + " connect_timeout=2").c_str()) == PQPING_OK;
}

void postgres_server::end(int signal) {
    if (!process_) return;
    signal_everybody(SIGCONT);
    process_->send(signal);
    process_->wait(limit::boot);
    process_.reset();
}

void postgres_server::stop() {
    end(SIGINT);
}
void postgres_server::stop_immediate() {
    end(SIGQUIT);
}
void postgres_server::kill() {
    end(SIGKILL);
}

void postgres_server::restart() {
    stop();
    start();
}

void postgres_server::pause() {
    signal_everybody(SIGSTOP);
}
void postgres_server::resume() {
    signal_everybody(SIGCONT);
}

void postgres_server::signal_everybody(int signal) const {
    if (!process_) return;
    process_->send(signal);
    std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", process_->pid()));
    for (pid_t backend = 0; children >> backend;) ::kill(backend, signal);
}

std::string postgres_server::conninfo(const std::string& database) const {
    return fmt::format("host={} port={} user=postgres dbname={}", (directory_ / "pg").string(), port_, database);
}

std::string postgres_server::conninfo_tcp(const std::string& database) const {
    return fmt::format("host=127.0.0.1 port={} user=postgres dbname={}", port_, database);
}

void postgres_server::create_database(const std::string& name) {
    exec(fmt::format("CREATE DATABASE \"{}\"", name));
}

pqxx::result postgres_server::exec(const std::string& sql, const std::string& database) {
    pqxx::connection connection(conninfo(database));
    pqxx::nontransaction work(connection);
    return work.exec(sql);
}

std::unique_ptr<postgres_server> postgres_server::standby(postgres_options options) const {
    return std::unique_ptr<postgres_server>(new postgres_server(*this, std::move(options)));
}

void postgres_server::promote() {
    exec("SELECT pg_promote(true, 60)");
}

std::string postgres_server::log() const {
    return process_ ? process_->log() : std::string();
}

}  // namespace penholder::testing
