// What the simulated server does with the commands of a batch.
#include "database_server.hpp"
#include "sql/sqlstate.hpp"
#include "world.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace penholder::simulation {
namespace {

using lane::command;
using lane::reply;

constexpr std::string_view counted = "WITH penholder_counted AS (";

reply done(std::string tag) {
    return {reply::kind::done, std::move(tag), {}, {}, {}};
}

reply failure(std::string_view sqlstate, std::string message) {
    return {reply::kind::failed, {}, {}, std::string(sqlstate), std::move(message)};
}

std::uint64_t number(std::string_view text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// A one-dimensional array in PostgreSQL's binary format.
std::vector<std::string> array_in(const parameter& bytes) {
    std::vector<std::string> values;
    std::size_t at = 0;
    const auto int4 = [&] {
        std::uint32_t value = 0;
        for (int byte = 0; byte < 4; ++byte) value = value << 8U | static_cast<std::uint8_t>(bytes->at(at++));
        return value;
    };
    const auto dimensions = int4();
    int4();
    int4();
    if (dimensions == 0) return values;
    const auto count = int4();
    int4();
    for (std::uint32_t index = 0; index < count; ++index) {
        const auto length = int4();
        values.push_back(bytes->substr(at, length));
        at += length;
    }
    return values;
}

}  // namespace

reply database_server::execute(backend& by, const command& what) {
    const std::string_view sql = what.sql;
    if (sql == "ROLLBACK") {
        roll_back(by);
        return done("ROLLBACK");
    }
    if (sql.starts_with("ROLLBACK TO SAVEPOINT ")) return savepoint(by, what.sql);
    if (sql == "COMMIT") return commit(by);
    if (by.failed_) return failure("25P02", "current transaction is aborted");
    auto answer = execute_own(by, what);
    if (answer.failed() && by.in_transaction_) by.failed_ = true;
    return answer;
}

reply database_server::execute_own(backend& by, const command& what) {
    const std::string_view sql = what.sql;
    if (sql.starts_with("UPDATE") || sql.starts_with("INSERT")) return write(by, what);
    if (sql.starts_with(counted)) return count(by, what);
    if (sql.starts_with("BEGIN")) {
        by.in_transaction_ = true;
        return done("BEGIN");
    }
    if (sql.starts_with("SELECT penholder.guard")) return guard(by, what, true);
    if (sql.starts_with("SELECT 1 / (SELECT CASE WHEN f.term")) return guard(by, what, false);
    if (sql.starts_with("SELECT kind, id")) return look_up(what);
    if (sql.starts_with("SELECT penholder.record")) return record(by, what);
    if (sql.starts_with("SAVEPOINT ")) return savepoint(by, what.sql);
    if (sql == "SET CONSTRAINTS ALL IMMEDIATE") return check_constraints(by);
    if (sql.starts_with("SELECT pg_catalog.pg_current_wal_lsn()")) {
        auto answer = done("SELECT 1");
        answer.result.rows = {{lsn_to_string(position_), {}}};
        return answer;
    }
    static constexpr auto harmless = std::to_array<std::string_view>(
        {"SELECT pg_catalog.set_config", "SELECT penholder.sweep", "SET CONSTRAINTS ALL DEFERRED", "RESET ",
         "CLOSE ALL", "UNLISTEN *", "DISCARD TEMP"});
    if (std::ranges::any_of(harmless, [&](auto each) { return sql.starts_with(each); })) return done("SELECT 1");
    throw std::logic_error("the simulated database does not know: " + what.sql);
}

reply database_server::guard(backend& by, const command& what, bool locks) {
    by.change_.term = number(*what.params.at(1));
    const auto standing = state_.fence.term.value;
    if (standing != by.change_.term) {
        return locks ? failure(sql::fenced_sqlstate, "fenced at term " + std::to_string(standing))
                     : failure("22012", "division by zero");
    }
    by.holds_fence_ = locks;
    return done("SELECT 1");
}

reply database_server::look_up(const command& what) const {
    auto answer = done("SELECT");
    for (const auto& key : array_in(what.params.at(1))) {
        const auto found = state_.keys.find(key);
        if (found == state_.keys.end()) continue;
        answer.result.rows.push_back({"k", key, found->second.first, found->second.second});
    }
    for (const auto& origin : array_in(what.params.at(2))) {
        const auto found = state_.origins.find(origin);
        if (found != state_.origins.end()) answer.result.rows.push_back({"o", origin, std::nullopt, found->second});
    }
    return answer;
}

reply database_server::record(backend& by, const command& what) {
    const auto keys = array_in(what.params.at(2));
    const auto prints = array_in(what.params.at(3));
    const auto receipts = array_in(what.params.at(4));
    for (std::size_t index = 0; index < keys.size(); ++index) {
        const bool there = state_.keys.contains(keys[index]);
        if (there || !by.change_.keys.emplace(keys[index], std::pair(prints[index], receipts[index])).second) {
            return failure("23505", "duplicate key value violates unique constraint \"keys_pkey\"");
        }
    }
    const auto origins = array_in(what.params.at(5));
    const auto states = array_in(what.params.at(6));
    for (std::size_t index = 0; index < origins.size(); ++index) {
        by.change_.origins.insert_or_assign(origins[index], states[index]);
    }
    return done("SELECT 1");
}

reply database_server::savepoint(backend& by, const std::string& sql) {
    const auto name = sql.substr(sql.rfind(' ') + 1);
    if (!sql.starts_with("ROLLBACK")) {
        by.savepoints_.push_back({name, by.change_.effects.size(), by.deferred_trouble_});
        return done("SAVEPOINT");
    }
    while (!by.savepoints_.empty() && by.savepoints_.back().name != name) by.savepoints_.pop_back();
    if (by.savepoints_.empty()) return failure("3B001", "savepoint \"" + name + "\" does not exist");
    by.change_.effects.resize(by.savepoints_.back().effects);
    by.deferred_trouble_ = by.savepoints_.back().deferred_trouble;
    by.failed_ = false;
    return done("ROLLBACK");
}

/// The simulation's writes say by their table what is to become of them; their first parameter is their number.
reply database_server::write(backend& by, const command& what) {
    auto& world = the_world();
    const std::string_view sql = what.sql;
    if (world.chance.permille(world.conditions.conflict)) {
        static constexpr std::array<const char*, 4> states{"40001", "40P01", "55P03", "57014"};
        const auto* state = states.at(static_cast<std::size_t>(world.chance.below(4)));
        return failure(state, "a clash with another transaction");
    }
    if (sql.starts_with("INSERT INTO broken")) return failure("23505", "duplicate key value");
    auto answer = done("UPDATE 1");
    answer.result.rows_affected = sql.starts_with("UPDATE nothing") ? 0 : 1;
    if (sql.starts_with("UPDATE later")) by.deferred_trouble_ = true;
    if (answer.result.rows_affected > 0) {
        by.change_.effects.push_back(static_cast<int>(number(*what.params.at(0))));
    }
    return answer;
}

/// A statement that fails unless it affects as many rows as its last parameter says.
reply database_server::count(backend& by, const command& what) {
    auto bare = what;
    bare.sql.erase(0, counted.size());
    bare.params.pop_back();
    const auto answer = write(by, bare);
    if (answer.failed()) return answer;
    const bool as_wanted = answer.result.rows_affected == number(*what.params.back());
    return as_wanted ? done("SELECT 1") : failure("22012", "division by zero");
}

reply database_server::check_constraints(backend& by) {
    if (!by.deferred_trouble_) return done("SET CONSTRAINTS");
    return failure("23503", "a deferred constraint is violated");
}

reply database_server::commit(backend& by) {
    const bool failed = by.failed_;
    const bool violated = by.deferred_trouble_;
    auto change = std::move(by.change_);
    roll_back(by);
    if (failed) return done("ROLLBACK");
    if (violated) return failure("23503", "a deferred constraint is violated");
    const bool something = !change.effects.empty() || !change.keys.empty() || !change.origins.empty();
    if (something) commit(std::move(change));
    return done("COMMIT");
}

}  // namespace penholder::simulation
