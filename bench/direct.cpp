#include "ground.hpp"

#include <libpq-fe.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>

namespace penholder::bench {
namespace {

using connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

connection connect(const std::string& conninfo) {
    connection made(PQconnectdb(conninfo.c_str()), &PQfinish);
    if (PQstatus(made.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(made.get()));
    PQclear(PQprepare(made.get(), "take", "UPDATE hot SET n = n - $1 WHERE id = $2", 0, nullptr));
    return made;
}

bool take_one(PGconn* on) {
    const char* values[] = {"1", "1"};
    std::unique_ptr<PGresult, decltype(&PQclear)> done(PQexecPrepared(on, "take", 2, values, nullptr, nullptr, 0),
                                                       &PQclear);
    return PQresultStatus(done.get()) == PGRES_COMMAND_OK;
}

}  // namespace

run_result direct_writes(const ground& on, std::size_t writers) {
    const auto before = on.hot_row();
    std::vector<connection> connections;
    for (std::size_t i = 0; i < writers; ++i) connections.push_back(connect(on.postgres.conninfo(on.database)));
    std::atomic<bool> stop = false;
    std::atomic<std::int64_t> acknowledged = 0;
    const auto began = std::chrono::steady_clock::now();
    std::vector<std::thread> threads;
    for (auto& one : connections) {
        threads.emplace_back([&stop, &acknowledged, on_this = one.get()] {
            while (!stop) {
                if (take_one(on_this)) ++acknowledged;
            }
        });
    }
    std::this_thread::sleep_for(on.length);
    stop = true;
    for (auto& one : threads) one.join();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    return {static_cast<double>(acknowledged) / took.count(), acknowledged, on.hot_row() - before, {}};
}

}  // namespace penholder::bench
