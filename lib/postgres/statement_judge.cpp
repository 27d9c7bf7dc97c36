#include "statement_judge.hpp"

#include "catalogue_inquiry.hpp"

#include <chrono>
#include <utility>

namespace penholder::postgres {
namespace {

using steady = std::chrono::steady_clock;

/// Longer than an election takes.
constexpr std::chrono::seconds longest_rest{10};
/// Its questions are those of any statement on a table.
constexpr auto any_statement = "UPDATE penholder.schema_version SET version = version WHERE version = $1";

}  // namespace

/// What the connection was used for. What it sees of roles' settings is as old as the connection, and any change of the
/// catalogue may be one of them.
struct statement_judge::use {
    explicit use(const group_options& group) : rules{group.harmless_functions, group.no_version_columns} {}

    result<sql::judgement> ask(raw_connection& over, const std::string& sql) {
        last = steady::now();
        auto judged = inquire(over, sql, rules);
        if (!judged || is_of(over, judged->as_of)) return judged;
        return error{errc::database_unreachable, "settings of roles may have changed since the connection was made"};
    }

    /// Once for each connection: who has a question does not wait for this again.
    result<sql::judgement> make_ready(raw_connection& over) {
        last = steady::now();
        if (which == &over) return sql::judgement();
        return ask(over, any_statement);
    }

    /// Whether the catalogue is as it was when this connection was used first; else it is to be made anew.
    bool is_of(const raw_connection& over, sql::catalogue_stamp now) {
        if (std::exchange(which, &over) != &over) as_of = now;
        if (as_of == now) return true;
        which = nullptr;
        return false;
    }

    sql::judging_rules rules;
    const raw_connection* which = nullptr;
    sql::catalogue_stamp as_of;
    steady::time_point last;
};

statement_judge::statement_judge(boost::asio::any_io_executor executor, boost::asio::thread_pool& workers,
                                 const group_options& group, std::shared_ptr<raise_memory> memory)
    : line_(std::move(executor), workers, group, "catalogue", std::move(memory)), use_(std::make_shared<use>(group)) {}

void statement_judge::prepare(std::function<void()> done) {
    line_.ask([use = use_](raw_connection& over) { return use->make_ready(over); },
              [done = std::move(done)](const result<sql::judgement>&) {
                  if (done) done();
              });
}

void statement_judge::judge(std::string sql, std::function<void(result<sql::judgement>)> done) {
    line_.ask([use = use_, sql = std::move(sql)](raw_connection& over) { return use->ask(over, sql); },
              std::move(done));
}

void statement_judge::renew() {
    line_.let_go([use = use_] {
        use->which = nullptr;
        return true;
    });
}

void statement_judge::rest() {
    line_.let_go([use = use_] {
        const bool rests = steady::now() - use->last >= longest_rest;
        if (rests) use->which = nullptr;
        return rests;
    });
}

}  // namespace penholder::postgres
