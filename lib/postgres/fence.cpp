#include "fence.hpp"

#include "base/log_event.hpp"
#include "server_connection.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <poll.h>

namespace penholder::postgres {
namespace {

using clock = std::chrono::steady_clock;
using result_pointer = std::unique_ptr<PGresult, decltype(&PQclear)>;
using std::chrono::milliseconds;

constexpr milliseconds answer_patience{1000};
constexpr milliseconds ending_patience{2000};  // Besides fence_wait_ms, while blockers are being ended.

fence_record to_record(const std::string& group, const pqxx::row& row) {
    return {group,
            {row[0].as<std::uint64_t>()},
            row[1].c_str(),
            row[2].c_str(),
            row[3].c_str(),
            row[4].c_str(),
            lineage_of(row[5].c_str(), row[6].c_str(), row[7].c_str(), row[8].c_str())};
}

/// How long a transaction of the old term may wait for its client, which is dead, frozen or deposed, before it is
/// ended.
constexpr std::chrono::milliseconds silent_client{50};

constexpr auto any_state = "true";
constexpr auto waits_for_its_client = "a.state LIKE 'idle in transaction%'";

/// Whoever raises the fence at the same moment is none to be ended: it may be our successor.
constexpr auto is_no_raise = "a.query NOT LIKE '%penholder.raise_fence(%'";

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

/// Ends whatever keeps that connection waiting, of those in `state`. A backend of another role may be out of reach:
/// then the wait runs into its bound.
void end_blockers(const raw_connection& of, const group_options& group, const std::string& state) {
    auto second = connect_beside(of, group, "fence");
    if (!second) return;
    const auto pid = PQbackendPID(of.handle());
    auto* handle = (*second)->handle();
    const auto ending =
        "SELECT a.pid, pg_terminate_backend(a.pid) FROM pg_stat_activity a WHERE a.pid = ANY (pg_blocking_pids(" +
        std::to_string(pid) + ")) AND " + state;
    if (PQsendQuery(handle, ending.c_str()) == 0 || !wait_for_answer(handle, clock::now() + answer_patience)) return;
    while (const auto answer = result_pointer(PQgetResult(handle), &PQclear)) {
        if (PQresultStatus(answer.get()) != PGRES_TUPLES_OK) {
            log_warn("fence_cannot_end_backend")
                .with("group", group.name)
                .with("reason", one_line(PQresultErrorMessage(answer.get())));
        }
        for (int row = 0; row < PQntuples(answer.get()); ++row) {
            log_warn("fence_ended_backend").with("group", group.name).with("pid", PQgetvalue(answer.get(), row, 0));
        }
    }
}

/// What the server says to `raise_command`: whether the fence was raised, what it is now, and the catalogue's stamp; no
/// record where the group has no fence yet.
struct raise_outcome {
    bool raised = false;
    std::optional<fence_record> now;
    sql::catalogue_stamp catalogue;
};

std::string text_of(const PGresult* answer, int column) {
    return PQgetvalue(answer, 0, column);
}

result<raise_outcome> read_outcome(const std::string& group, PGconn* handle) {
    std::string complaint;
    raise_outcome outcome;
    while (auto answer = result_pointer(PQgetResult(handle), &PQclear)) {
        const auto status = PQresultStatus(answer.get());
        const bool told = status == PGRES_TUPLES_OK && PQntuples(answer.get()) == 1;
        if (told && PQnfields(answer.get()) == 1) outcome.raised = text_of(answer.get(), 0) == "t";
        if (told && PQnfields(answer.get()) == 10) {
            outcome.now = fence_record{group,
                                       {std::stoull(text_of(answer.get(), 0))},
                                       text_of(answer.get(), 1),
                                       text_of(answer.get(), 2),
                                       text_of(answer.get(), 3),
                                       text_of(answer.get(), 4),
                                       lineage_of(text_of(answer.get(), 5), text_of(answer.get(), 6),
                                                  text_of(answer.get(), 7), text_of(answer.get(), 8))};
            outcome.catalogue = {std::stoull(text_of(answer.get(), 9))};
        }
        if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) complaint = PQresultErrorMessage(answer.get());
    }
    if (!complaint.empty()) return unreachable(complaint);
    return outcome;
}

/// How the fence of the group that `name` quotes stands, in which database and history, and what else is asked.
std::string standing(const std::string& name, const std::string& more = {}) {
    return "SELECT s.*, penholder.identity(), l.timeline, l.raised_term, l.raised_timeline, l.raised_at" + more +
           " FROM penholder.standing(" + name + ") AS s, penholder.lineage(" + name + ") AS l";
}

std::string standing_and_stamp(const std::string& name) {
    return standing(name, ", penholder.catalogue_stamp()");
}

/// Everything in one message and one transaction: a new leader waits for one answer. The lock is waited for without a
/// limit, because we limit it ourselves.
std::string raise_command(pqxx_connection& quoting, const fence_record& wanted) {
    const auto name = quoting.quote(wanted.group);
    return "SET lock_timeout = 0; SELECT penholder.raise_fence(" + name + ", " + std::to_string(wanted.term.value) +
           ", " + quoting.quote(wanted.leader) + ", " + quoting.quote(wanted.endpoint) + ", " +
           quoting.quote(wanted.database) + "); RESET lock_timeout; " + standing_and_stamp(name);
}

/// Waits for the answer to what was sent over it, and ends what keeps it waiting: what waits for its client after
/// `silent_client`, whatever is left (`in_the_end`) after `patience`. Answers whether there is an answer.
bool wait_out(const group_options& group, const raw_connection& over, milliseconds patience,
              const std::string& in_the_end) {
    auto* handle = over.handle();
    const auto enough = clock::now() + patience;
    if (wait_for_answer(handle, std::min(enough, clock::now() + silent_client))) return true;
    end_blockers(over, group, waits_for_its_client);
    if (wait_for_answer(handle, enough)) return true;
    const auto last = clock::now() + ending_patience;
    while (clock::now() < last) {
        end_blockers(over, group, in_the_end);
        if (wait_for_answer(handle, clock::now() + milliseconds(100))) return true;
    }
    return false;
}

error stays_locked(const group_options& group) {
    return unreachable("the fence of group " + group.name +
                       " stays locked by a transaction that could not be ended; look for it in pg_stat_activity and "
                       "end it by hand");
}

result<> check_database(const fence_record& seen, const fence_record& wanted) {
    if (wanted.database.empty() || seen.database == wanted.database) return {};
    return error{errc::database_unreachable, "the connection leads to database " + seen.database + ", and group " +
                                                 wanted.group + " writes to " + wanted.database +
                                                 "; see where the hosts of the connection string lead"};
}

/// What the server holds before anything is done there.
result<fence_record> check_lineage(raw_connection& connection, const std::string& group, const known_raise& known) {
    auto seen = read_lineage(connection, group);
    if (!seen) return seen;
    if (const auto why_not = why_not_written(host_of(connection), *seen, known)) return unreachable(*why_not);
    return seen;
}

/// Who is in the way of a raise, and for how long it is waited for.
struct raise_manner {
    milliseconds patience;
    std::string to_end;
};

result<raise_outcome> raise_once(raw_connection& connection, const group_options& group, const fence_record& wanted,
                                 const raise_manner& how) {
    auto* handle = connection.handle();
    if (PQsendQuery(handle, raise_command(connection.pqxx(), wanted).c_str()) == 0) {
        return unreachable(PQerrorMessage(handle));
    }
    PQflush(handle);
    if (!wait_out(group, connection, how.patience, how.to_end)) return stays_locked(group);
    return read_outcome(group.name, handle);
}

result<lane::opened> raise_by(raw_connection& connection, const group_options& group, const fence_record& wanted,
                              const raise_manner& how, raise_memory& memory) {
    const auto known = memory.known();
    const auto before = check_lineage(connection, group.name, known);
    if (!before) return before.error();
    auto outcome = raise_once(connection, group, wanted, how);
    if (outcome && !outcome->now) {
        if (const auto enrolled = read_fence(connection, wanted.group); !enrolled) return enrolled.error();
        outcome = raise_once(connection, group, wanted, how);
    }
    if (!outcome) return outcome.error();
    if (!outcome->now) return unreachable("group " + wanted.group + " has no fence and gets none");
    if (const auto same = check_database(*outcome->now, wanted); !same) return same.error();
    if (outcome->raised) memory.raised(known, *before, *outcome->now);
    return lane::opened{{*outcome->now, outcome->raised}, outcome->catalogue};
}

}  // namespace

milliseconds fence_limit(const group_options& group) {
    return 2 * milliseconds(group.fence_wait_ms) + ending_patience + 2 * question_limit(group);
}

result<fence_record> read_fence(raw_connection& connection, const std::string& group) {
    return guarded([&]() -> result<fence_record> {
        pqxx::nontransaction work(connection.pqxx());
        const auto query = standing(work.quote(group));
        auto rows = work.exec(query);
        if (rows.empty()) {
            work.exec("SELECT penholder.enroll(" + work.quote(group) + ")");
            rows = work.exec(query);
        }
        return to_record(group, rows[0]);
    });
}

result<lane::opened> raise_fence(raw_connection& connection, const group_options& group, const fence_record& wanted,
                                 raise_memory& memory) {
    return raise_by(connection, group, wanted, {milliseconds(group.fence_wait_ms), any_state}, memory);
}

result<lane::opened> confirm_fence(raw_connection& connection, const group_options& group, const fence_record& held,
                                   raise_memory& memory) {
    return raise_by(connection, group, held, {silent_client, is_no_raise}, memory);
}

result<lane::opened> take_slot(raw_connection& connection, const group_options& group, const fence_record& held,
                               int slot, raise_memory& memory) {
    if (const auto fit = check_lineage(connection, group.name, memory.known()); !fit) return fit.error();
    auto* handle = connection.handle();
    const auto name = connection.pqxx().quote(group.name);
    const auto taking = "SET lock_timeout = 0; SELECT penholder.take_slot(" + name + ", " + std::to_string(slot) +
                        "); RESET lock_timeout; " + standing_and_stamp(name);
    if (PQsendQuery(handle, taking.c_str()) == 0) return unreachable(PQerrorMessage(handle));
    PQflush(handle);
    if (!wait_out(group, connection, silent_client, is_no_raise)) return stays_locked(group);
    auto outcome = read_outcome(group.name, handle);
    if (!outcome) return outcome.error();
    if (!outcome->now) return unreachable("group " + group.name + " has no fence");
    if (const auto same = check_database(*outcome->now, held); !same) return same.error();
    return lane::opened{{*outcome->now, false}, outcome->catalogue};
}

}  // namespace penholder::postgres
