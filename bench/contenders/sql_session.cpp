#include "sql_session.hpp"

#include <libpq-fe.h>

#include <stdexcept>
#include <string_view>

namespace penholder::bench {
namespace {

constexpr std::string_view connection_trouble[] = {"08", "57", "58"};

[[noreturn]] void give_up(PGconn* on, const std::string& doing) {
    throw std::runtime_error(doing + ": " + PQerrorMessage(on));
}

}  // namespace

std::vector<const char*> pointers(const statement& of) {
    std::vector<const char*> values;
    values.reserve(of.params().size());
    for (const auto& one : of.params()) values.push_back(one ? one->c_str() : nullptr);
    return values;
}

sql_session::sql_session(const std::string& conninfo, plan how)
    : connection_(PQconnectdb(conninfo.c_str()), &PQfinish), how_(how) {
    if (PQstatus(handle()) != CONNECTION_OK) give_up(handle(), "cannot connect");
}

const std::string& sql_session::prepared(const std::string& sql) {
    const auto found = names_.find(sql);
    if (found != names_.end()) return found->second;
    auto name = "s" + std::to_string(names_.size());
    const result made(PQprepare(handle(), name.c_str(), sql.c_str(), 0, nullptr), &PQclear);
    if (PQresultStatus(made.get()) != PGRES_COMMAND_OK) give_up(handle(), "cannot prepare '" + sql + "'");
    return names_.emplace(sql, std::move(name)).first->second;
}

sql_session::done sql_session::exec(const statement& what) {
    const auto values = pointers(what);
    const auto count = static_cast<int>(values.size());
    if (is_prepared(what)) {
        const auto& name = prepared(what.sql());
        return judge(
            result(PQexecPrepared(handle(), name.c_str(), count, values.data(), nullptr, nullptr, 0), &PQclear));
    }
    return judge(result(PQexecParams(handle(), what.sql().c_str(), count, nullptr, values.data(), nullptr, nullptr, 0),
                        &PQclear));
}

sql_session::done sql_session::exec(const char* sql) {
    return judge(result(PQexec(handle(), sql), &PQclear));
}

sql_session::done sql_session::judge(const result& what) const {
    const auto status = PQresultStatus(what.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return {true, PQcmdStatus(what.get())};
    const char* state = PQresultErrorField(what.get(), PG_DIAG_SQLSTATE);
    if (state == nullptr || PQstatus(handle()) != CONNECTION_OK) give_up(handle(), "the connection is lost");
    for (const auto kind : connection_trouble) {
        if (std::string_view(state).starts_with(kind)) give_up(handle(), "the server is in trouble");
    }
    return {};
}

bool sql_session::transact(std::span<const statement> what) {
    if (what.size() == 1) return exec(what.front()).accepted;
    exec("BEGIN");
    for (const auto& one : what) {
        if (exec(one).accepted) continue;
        exec("ROLLBACK");
        return false;
    }
    return exec("COMMIT").tag == "COMMIT";
}

bool sql_session::transact_pipelined(std::span<const statement> what) {
    for (const auto& one : what) {
        if (is_prepared(one)) prepared(one.sql());
    }
    PQenterPipelineMode(handle());
    PQsendQueryParams(handle(), "BEGIN", 0, nullptr, nullptr, nullptr, nullptr, 0);
    for (const auto& one : what) {
        const auto values = pointers(one);
        const auto count = static_cast<int>(values.size());
        if (is_prepared(one)) {
            PQsendQueryPrepared(handle(), prepared(one.sql()).c_str(), count, values.data(), nullptr, nullptr, 0);
        } else {
            PQsendQueryParams(handle(), one.sql().c_str(), count, nullptr, values.data(), nullptr, nullptr, 0);
        }
    }
    PQsendQueryParams(handle(), "COMMIT", 0, nullptr, nullptr, nullptr, nullptr, 0);
    if (PQpipelineSync(handle()) != 1) give_up(handle(), "cannot send");
    const bool accepted = collect_pipeline();
    PQexitPipelineMode(handle());
    if (!accepted) exec("ROLLBACK");
    return accepted;
}

bool sql_session::collect_pipeline() {
    bool committed = false;
    for (;;) {
        const result got(PQgetResult(handle()), &PQclear);
        const auto status = PQresultStatus(got.get());
        if (got && status == PGRES_PIPELINE_SYNC) return committed;
        if (got && status != PGRES_PIPELINE_ABORTED) committed = judge(got).tag == "COMMIT";
    }
}

}  // namespace penholder::bench
