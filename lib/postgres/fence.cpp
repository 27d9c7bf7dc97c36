#include "fence.hpp"

#include "base/log.hpp"
#include "conninfo.hpp"
#include "schema.hpp"

#include <libpq-fe.h>

#include <chrono>
#include <poll.h>

namespace penholder::postgres {
namespace {

using clock = std::chrono::steady_clock;
using result_pointer = std::unique_ptr<PGresult, decltype(&PQclear)>;
using std::chrono::milliseconds;

constexpr milliseconds answer_patience{1000};
constexpr milliseconds ending_patience{2000};  // Besides fence_wait_ms, while blockers are being ended.

fence_record to_record(const std::string& group, const pqxx::row& row) {
    return {group, {row[0].as<std::uint64_t>()}, row[1].c_str(), row[2].c_str(), row[3].c_str()};
}

/// True when an answer is there before `until`.
bool wait_for_answer(PGconn* handle, clock::time_point until) {
    while (PQisBusy(handle) != 0) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now()).count();
        if (left <= 0) return false;
        pollfd waits{PQsocket(handle), POLLIN, 0};
        ::poll(&waits, 1, static_cast<int>(left));
        if (PQconsumeInput(handle) == 0) return true;
    }
    return true;
}

/// Ends whatever keeps `pid` waiting. A backend of another role may be out of reach: then the wait runs into its bound.
void end_blockers(const group_options& group, int pid) {
    auto second = connect(group, "fence");
    if (!second) return;
    auto* handle = (*second)->handle();
    const auto ending = "SELECT blocker, pg_terminate_backend(blocker) FROM unnest(pg_blocking_pids(" +
                        std::to_string(pid) + ")) blocker WHERE blocker <> 0";
    if (PQsendQuery(handle, ending.c_str()) == 0 || !wait_for_answer(handle, clock::now() + answer_patience)) return;
    while (const auto answer = result_pointer(PQgetResult(handle), &PQclear)) {
        if (PQresultStatus(answer.get()) != PGRES_TUPLES_OK) {
            log().warn("fence_cannot_end_backend group={} why=\"{}\"", group.name,
                       one_line(PQresultErrorMessage(answer.get())));
        }
        for (int row = 0; row < PQntuples(answer.get()); ++row) {
            log().warn("fence_ended_backend group={} pid={}", group.name, PQgetvalue(answer.get(), row, 0));
        }
    }
}

error unreachable(const std::string& why) {
    return {errc::database_unreachable, "the database cannot be used: " + one_line(why)};
}

/// Reads the one boolean that raise_fence answers.
result<bool> read_raised(PGconn* handle) {
    std::string complaint;
    bool raised = false;
    while (auto answer = result_pointer(PQgetResult(handle), &PQclear)) {
        if (PQresultStatus(answer.get()) == PGRES_TUPLES_OK) {
            raised = PQgetvalue(answer.get(), 0, 0)[0] == 't';
        } else {
            complaint = PQresultErrorMessage(answer.get());
        }
    }
    if (!complaint.empty()) return unreachable(complaint);
    return raised;
}

result<bool> send_raise(const group_options& group, PGconn* handle, const fence_record& wanted) {
    const auto term = std::to_string(wanted.term.value);
    const char* values[]{wanted.group.c_str(), term.c_str(), wanted.leader.c_str(), wanted.endpoint.c_str()};
    if (PQsendQueryParams(handle, "SELECT penholder.raise_fence($1, $2, $3, $4)", 4, nullptr, values, nullptr, nullptr,
                          0) == 0) {
        return unreachable(PQerrorMessage(handle));
    }
    PQflush(handle);
    const auto patience = std::chrono::milliseconds(group.fence_wait_ms);
    if (wait_for_answer(handle, clock::now() + patience)) return read_raised(handle);
    const auto last = clock::now() + patience + ending_patience;
    while (clock::now() < last) {
        end_blockers(group, PQbackendPID(handle));
        if (wait_for_answer(handle, clock::now() + std::chrono::milliseconds(100))) return read_raised(handle);
    }
    return error{errc::database_unreachable,
                 "the fence of group " + group.name +
                     " stays locked by a transaction that could not be ended; look for it in "
                     "pg_stat_activity and end it by hand"};
}

result<> check_version(pqxx::nontransaction& work) {
    const auto found = work.exec("SELECT to_regprocedure('penholder.version()') IS NOT NULL");
    if (!found[0][0].as<bool>()) {
        return error{errc::schema_missing,
                     "the database has no schema penholder; run `penholder init` against it once"};
    }
    const auto version = work.exec("SELECT penholder.version()")[0][0].as<int>();
    if (version > schema_version) {
        return error{errc::schema_unknown, "schema penholder has version " + std::to_string(version) +
                                               ", this program knows " + std::to_string(schema_version) +
                                               "; use a newer penholder"};
    }
    if (version < schema_version) {
        return error{errc::schema_unknown, "schema penholder has the old version " + std::to_string(version) +
                                               "; run `penholder init` to bring it to " +
                                               std::to_string(schema_version)};
    }
    return {};
}

}  // namespace

error to_error(const std::exception& thrown) {
    if (const auto* sql = dynamic_cast<const pqxx::sql_error*>(&thrown); sql != nullptr && sql->sqlstate() == "42501") {
        return {errc::unauthorized, "the database refused: " + one_line(thrown.what()) +
                                        "; run `penholder init --lane-role` for the role that connects"};
    }
    return unreachable(thrown.what());
}

milliseconds question_limit(const group_options& group) {
    return milliseconds(group.connect_timeout_ms);
}

milliseconds fence_limit(const group_options& group) {
    return 2 * milliseconds(group.fence_wait_ms) + ending_patience + 2 * question_limit(group);
}

result<std::unique_ptr<raw_connection>> connect(const group_options& group, const std::string& purpose) {
    auto defaults = connection_defaults(group.connect_timeout_ms, "penholder " + purpose + " " + group.name);
    defaults["target_session_attrs"] = "primary";
    defaults["options"] = "-c lock_timeout=" + std::to_string(group.lock_timeout_ms) +
                          " -c statement_timeout=" + std::to_string(group.statement_timeout_max_ms) +
                          " -c standard_conforming_strings=on -c client_min_messages=error";
    const auto conninfo = complete_conninfo(group.database, defaults);
    if (!conninfo) return conninfo.error();
    return guarded(
        [&]() -> result<std::unique_ptr<raw_connection>> { return std::make_unique<raw_connection>(*conninfo); });
}

result<> check_server(raw_connection& connection) {
    return guarded([&]() -> result<> {
        pqxx::nontransaction work(connection.pqxx());
        if (work.exec("SELECT pg_is_in_recovery()")[0][0].as<bool>())
            return unreachable("it is a standby; name the primary too");
        return check_version(work);
    });
}

result<fence_record> read_fence(raw_connection& connection, const std::string& group) {
    return guarded([&]() -> result<fence_record> {
        pqxx::nontransaction work(connection.pqxx());
        const auto query = "SELECT * FROM penholder.standing(" + work.quote(group) + ")";
        auto rows = work.exec(query);
        if (rows.empty()) {
            work.exec("SELECT penholder.enroll(" + work.quote(group) + ")");
            rows = work.exec(query);
        }
        return to_record(group, rows[0]);
    });
}

result<fence_answer> raise_fence(raw_connection& connection, const group_options& group, const fence_record& wanted) {
    auto enrolled = read_fence(connection, wanted.group);
    if (!enrolled) return enrolled.error();
    const auto prepared = guarded([&]() -> result<> {
        pqxx::nontransaction work(connection.pqxx());
        work.exec("SET lock_timeout = 0");
        return {};
    });
    if (!prepared) return prepared.error();
    const auto raised = send_raise(group, connection.handle(), wanted);
    if (!raised) return raised.error();
    const auto restored = guarded([&]() -> result<> {
        pqxx::nontransaction work(connection.pqxx());
        work.exec("RESET lock_timeout");
        return {};
    });
    if (!restored) return restored.error();
    const auto standing = read_fence(connection, wanted.group);
    if (!standing) return standing.error();
    return fence_answer{*standing, *raised};
}

}  // namespace penholder::postgres
