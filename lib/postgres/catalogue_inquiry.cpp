#include "catalogue_inquiry.hpp"

#include "catalogue_queries.hpp"
#include "catalogue_rows.hpp"
#include "conninfo.hpp"
#include "raw_connection.hpp"
#include "sql/judging.hpp"
#include "sql/probe_text.hpp"

#include <libpq-fe.h>

#include <charconv>
#include <cstdlib>
#include <memory>
#include <set>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace penholder::postgres {
namespace {

using reply = std::unique_ptr<PGresult, decltype(&PQclear)>;

/// PostgreSQL refused a command; the transaction is to be rolled back, to its savepoint or in all.
class refusal : public std::runtime_error {
public:
    refusal(std::string state, const std::string& message) : std::runtime_error(message), sqlstate(std::move(state)) {}
    std::string sqlstate;
};

/// The connection is of no use any more.
class loss : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// One inquiry's transaction. Every command is one message of the extended protocol, so that a text is one command.
class inquiry {
public:
    inquiry(pg_conn* connection, const std::string& sql) : connection_(connection), sql_(sql) {}

    sql::judgement run(const sql::judging_rules& rules) {
        run("BEGIN ISOLATION LEVEL REPEATABLE READ");
        run("SET LOCAL lock_timeout = '1s'");
        run("SET LOCAL statement_timeout = '5s'");
        sql::judgement made;
        made.as_of = read_stamp();
        sql::judging judging(rules, database_of(value(database_query)));
        try {
            judging.start(sql_, resolve(statement_probe()));
            while (const auto asked = judging.next()) answer(judging, *asked);
            made.plainness = judging.verdict();
        } catch (const refusal& refused) {
            if (!refused.sqlstate.starts_with("42") && !refused.sqlstate.starts_with("0A")) throw;
            made.plainness.why_not = to_string(sql::why_not::refused);
            made.plainness.detail = refused.what();  // The probe's: the statement itself may run all the same.
        }
        run("ROLLBACK");
        if (!made.as_of) withhold(made.plainness);
        return made;
    }

private:
    /// Nobody would notice that what is known is no longer true.
    static void withhold(sql::plainness& known) {
        if (!known.plain) return;
        known.plain = false;
        known.why_not = to_string(sql::why_not::no_stamp);
        known.detail = "the database has no catalogue stamp; penholder init makes one";
        known.stamped_tables.clear();
        known.leaves = sql::residue::cleanable;
    }

    void answer(sql::judging& judging, const sql::catalogue_question& asked) {
        if (const auto* objects = std::get_if<sql::question::objects>(&asked)) {
            judging.found(look_up(*objects));
        } else {
            judging.resolved(try_resolve(std::get<sql::question::probe>(asked).create_function));
        }
    }

    reply checked(PGresult* result) {
        reply got(result, &PQclear);
        const auto status = PQresultStatus(got.get());
        if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return got;
        if (PQstatus(connection_) != CONNECTION_OK) throw loss(one_line(PQerrorMessage(connection_)));
        const char* state = PQresultErrorField(got.get(), PG_DIAG_SQLSTATE);
        const char* message = PQresultErrorField(got.get(), PG_DIAG_MESSAGE_PRIMARY);
        throw refusal(state ? state : "", message ? message : PQerrorMessage(connection_));
    }

    reply run(const std::string& command) {
        return checked(PQexecParams(connection_, command.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0));
    }

    std::string value(const char* query) { return PQgetvalue(run(query).get(), 0, 0); }

    sql::catalogue_stamp read_stamp() {
        run("SAVEPOINT stamp");
        try {
            const auto got = run("SELECT penholder.catalogue_stamp()");
            return {std::strtoull(PQgetvalue(got.get(), 0, 0), nullptr, 10)};
        } catch (const refusal&) {
            run("ROLLBACK TO stamp");
            return {};
        }
    }

    /// The statement's own probe, with the types that PostgreSQL gives its parameters.
    std::string statement_probe() {
        checked(PQprepare(connection_, "", sql_.c_str(), 0, nullptr));
        const auto described = checked(PQdescribePrepared(connection_, ""));
        std::vector<std::string> types;
        for (int i = 0; i < PQnparams(described.get()); ++i) {
            types.push_back(std::to_string(PQparamtype(described.get(), i)));
        }
        auto text = sql::probe_text(sql_, names_of(types));
        if (!text) throw refusal("42601", text.error().message);
        return std::move(*text);
    }

    std::vector<std::string> names_of(const std::vector<std::string>& types) {
        std::vector<std::string> names;
        if (types.empty()) return names;
        const auto rows = query(
            "SELECT format_type(one, NULL) FROM unnest($1::oid[]) WITH ORDINALITY AS t (one, at) "
            "ORDER BY at",
            types);
        for (int row = 0; row < PQntuples(rows.get()); ++row) names.emplace_back(PQgetvalue(rows.get(), row, 0));
        return names;
    }

    reply query(const char* text, const auto& ids) {
        std::string list = "{";
        for (const auto& one : ids) {
            if (list.size() > 1) list += ',';
            if constexpr (std::is_integral_v<std::remove_cvref_t<decltype(one)>>) {
                list += std::to_string(one);
            } else {
                list += one;
            }
        }
        list += '}';
        const char* values[] = {list.c_str()};
        return checked(PQexecParams(connection_, text, 1, nullptr, values, nullptr, nullptr, 0));
    }

    template <class Make>
    auto rows_of(const char* text, const std::set<sql::oid>& ids, Make make) {
        std::vector<decltype(make(std::string_view()))> all;
        if (ids.empty()) return all;
        const auto rows = query(text, ids);
        for (int row = 0; row < PQntuples(rows.get()); ++row) all.push_back(make(PQgetvalue(rows.get(), row, 0)));
        return all;
    }

    sql::catalogue_facts look_up(const sql::question::objects& asked) {
        return {rows_of(relations_query, asked.relations, relation_of),
                rows_of(functions_query, asked.functions, function_of),
                rows_of(operators_query, asked.operators, operator_of), rows_of(types_query, asked.types, type_of)};
    }

    /// Makes the function, reads how PostgreSQL resolved its body, and drops it again.
    sql::resolved_code resolve(const std::string& create_function) {
        run("SAVEPOINT probe");
        run(create_function);
        const auto got =
            run("SELECT prosqlbody::text, array_to_string(proargtypes::oid[], ' ') FROM pg_proc "
                "WHERE pronamespace = pg_my_temp_schema()");
        if (PQntuples(got.get()) != 1) throw refusal("", "there are other functions in the temporary schema");
        sql::resolved_code made{PQgetvalue(got.get(), 0, 0), {}};
        std::string_view types = PQgetvalue(got.get(), 0, 1);
        while (!types.empty()) {
            sql::oid one = 0;
            const auto end = std::from_chars(types.data(), types.data() + types.size(), one).ptr;
            made.argument_types.push_back(one);
            types.remove_prefix(static_cast<std::size_t>(end - types.data()));
            types.remove_prefix(types.empty() ? 0 : 1);
        }
        drop_probe();
        return made;
    }

    void drop_probe() {
        run("ROLLBACK TO probe");
        run("RELEASE probe");
    }

    result<sql::resolved_code> try_resolve(const std::string& create_function) {
        try {
            return resolve(create_function);
        } catch (const refusal& refused) {
            drop_probe();
            return error{errc::statement_failed, refused.what()};
        }
    }

    pg_conn* connection_;
    const std::string& sql_;
};

}  // namespace

result<sql::judgement> inquire(raw_connection& connection, const std::string& sql, const sql::judging_rules& rules) {
    try {
        return inquiry(connection.handle(), sql).run(rules);
    } catch (const loss& lost) {
        return error{errc::database_unreachable, lost.what()};
    } catch (const refusal& refused) {
        PQclear(PQexec(connection.handle(), "ROLLBACK"));
        return error{errc::statement_failed, refused.what()};
    } catch (const std::exception& failed) {
        PQclear(PQexec(connection.handle(), "ROLLBACK"));
        return error{errc::internal, std::string("what the catalogue answered cannot be read: ") + failed.what()};
    }
}

}  // namespace penholder::postgres
