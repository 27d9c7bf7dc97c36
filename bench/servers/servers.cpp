#include "servers.hpp"

#include "postgres/schema.hpp"

#include <penholder/error.hpp>

#include <algorithm>
#include <stdexcept>

namespace penholder::bench {
namespace {

constexpr int pool_size = 4;  ///< Of PgBouncer: the best for one hot row on two cores.
constexpr int commits_to_time = 101;

/// The library is copied to where the server's user can read it.
std::vector<std::string> slower_by(std::chrono::milliseconds delay, const std::filesystem::path& folder) {
    if (delay.count() == 0) return {};
    const auto library = folder / "slow_disk.so";
    std::filesystem::copy_file(PENHOLDER_BENCH_SLOW_DISK, library);
    return {"LD_PRELOAD=" + library.string(),
            "PENHOLDER_BENCH_FLUSH_DELAY_US=" + std::to_string(std::chrono::microseconds(delay).count())};
}

testing::postgres_options settings(std::chrono::milliseconds delay, const std::filesystem::path& folder) {
    return {.fsync = true,
            .settings = {{"max_connections", "400"},
                         {"shared_buffers", "256MB"},
                         {"max_wal_size", "8GB"},
                         {"checkpoint_timeout", "1h"},
                         {"autovacuum_naptime", "10s"}},
            .environment = slower_by(delay, folder)};
}

}  // namespace

servers::servers(std::chrono::milliseconds commit_delay)
    : commit_delay_(commit_delay), postgres_(settings(commit_delay, directory_.path())) {
    postgres_.create_database("bench");
    // As superuser: without the event triggers that only one can make, every write would take a session.
    const auto made = postgres::init_schema(postgres_.conninfo("bench"));
    if (!made) throw exception(made.error());
    if (!made->unwatched.empty()) throw std::runtime_error("the catalogue's changes go unnoticed: " + made->unwatched);
}

testing::zookeeper_ensemble& servers::ensemble() {
    if (!ensemble_) ensemble_.emplace();
    return *ensemble_;
}

redis_server& servers::redis() {
    if (!redis_) redis_.emplace();
    return *redis_;
}

pgbouncer_server& servers::pgbouncer() {
    if (!pgbouncer_) pgbouncer_.emplace(postgres_, "bench", pool_size);
    return *pgbouncer_;
}

double servers::commit_us() {
    pqxx::connection connection(database().conninfo());
    pqxx::nontransaction work(connection);
    work.exec("CREATE TABLE commits_timed (n int)");
    std::vector<double> took;
    for (int i = 0; i < commits_to_time; ++i) {
        const auto began = std::chrono::steady_clock::now();
        work.exec("INSERT INTO commits_timed VALUES (1)");
        took.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - began).count());
    }
    work.exec("DROP TABLE commits_timed");
    std::ranges::sort(took);
    return took[took.size() / 2];
}

}  // namespace penholder::bench
