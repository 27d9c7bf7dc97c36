// What the simulated server does with the commands of a batch or a session.
#include "database_server.hpp"
#include "lane/batch_commands.hpp"
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

/// Of a row that `large` and `huge` return.
constexpr std::size_t large_bytes = receipt_bytes_max * 5 / 8;
constexpr std::size_t huge_bytes = receipt_bytes_max * 5 / 4;

reply done(std::string tag) {
    return {.what = reply::kind::done, .tag = std::move(tag), .result = {}, .sqlstate = {}, .message = {}};
}

reply one_value(std::string what) {
    auto answer = done("SELECT 1");
    answer.result.rows = {{std::move(what)}};
    return answer;
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
    if (answer.failed()) fail(by);
    return answer;
}

reply database_server::execute_own(backend& by, const command& what) {
    const std::string_view sql = what.sql;
    if (const auto mode = mode_of(sql)) return write(by, *mode, what);
    if (sql.starts_with(counted)) return count(by, what);
    if (sql.starts_with("BEGIN")) {
        by.in_transaction_ = true;
        by.change_.term = by.held_;
        return done("BEGIN");
    }
    if (sql.starts_with("SELECT penholder.guard")) return guard(by, what);
    if (sql.starts_with("SELECT 1 / (SELECT CASE WHEN f.term")) return guard_without_lock(by, what);
    if (sql.starts_with("SELECT penholder.expect_new")) return expect_new(what);
    if (sql.starts_with("SELECT kind, id")) return look_up(what);
    if (sql.starts_with("SELECT penholder.record")) return record(by, what);
    if (sql.starts_with("SELECT penholder.check_catalogue")) return check_catalogue(what);
    if (sql.starts_with("SAVEPOINT ")) return savepoint(by, what.sql);
    if (sql == "SELECT penholder.catalogue_stamp()") return one_value(std::to_string(state_.catalogue.stamp.value));
    if (sql == "DISCARD ALL") return clean(by);
    if (sql.starts_with("SELECT forgotten")) return done("SELECT 1");
    if (sql.starts_with("SELECT penholder.tend_catalogue")) return done("SELECT 1");
    if (sql.starts_with("SELECT pg_catalog.pg_current_wal_lsn()")) return one_value(lsn_to_string(position_));
    throw std::logic_error("the simulated database does not know: " + what.sql);
}

/// Locks the slot, which must be this connection's by now, and which nobody else may hold.
reply database_server::guard(backend& by, const command& what) {
    const auto term = number(*what.params.at(1));
    const auto standing = state_.fence.term.value;
    if (standing != term) return failure(sql::fenced_sqlstate, "fenced at term " + std::to_string(standing));
    const auto slot = static_cast<int>(number(*what.params.at(2)));
    if (const auto holder = holders_.find(slot); holder == holders_.end() || holder->second.lock().get() != &by) {
        return failure("PH003", "the slot is another connection's");
    }
    if (is_held(slot)) the_world().observed.slot_shared(slot);
    by.change_.term = term;
    by.change_.by_lane = slot == 0;
    by.slot_ = slot;
    by.limits_ = {std::chrono::milliseconds(number(*what.params.at(3))),
                  std::chrono::milliseconds(number(*what.params.at(4)))};
    return done("SELECT 1");
}

reply database_server::guard_without_lock(backend& by, const command& what) {
    by.change_.term = number(*what.params.at(1));
    if (state_.fence.term.value != by.change_.term) return failure("22012", "division by zero");
    return done("SELECT 1");
}

reply database_server::check_catalogue(const command& what) const {
    if (number(*what.params.at(0)) == state_.catalogue.stamp.value) return done("SELECT 1");
    return failure(lane::other_catalogue_sqlstate, "the catalogue changed");
}

reply database_server::expect_new(const command& what) const {
    const auto& key = *what.params.at(1);
    return state_.keys.contains(key) ? failure(lane::decided_sqlstate, "key " + key + " is decided") : done("SELECT 1");
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

bool database_server::is_recorded_elsewhere(const backend& by, const command& what) const {
    if (std::ranges::none_of(backends_,
                             [&](const auto& each) { return each.get() != &by && !each->change_.keys.empty(); }))
        return false;
    const auto keys = array_in(what.params.at(2));
    return std::ranges::any_of(backends_, [&](const auto& each) {
        return each.get() != &by &&
               std::ranges::any_of(keys, [&](const auto& key) { return each->change_.keys.contains(key); });
    });
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

/// The simulation's writes say by their table what is to become of them.
reply database_server::write(backend& by, write_mode mode, const command& what) {
    auto& world = the_world();
    const auto writes = static_cast<int>(number(*what.params.at(0)));
    if (world.chance.permille(world.conditions.conflict)) {
        static constexpr std::array<const char*, 4> states{"40001", "40P01", "55P03", "57014"};
        const auto* state = states.at(static_cast<std::size_t>(world.chance.below(4)));
        world.observed.may_be_rejected(writes);
        return failure(state, "a clash with another transaction");
    }
    if (mode == write_mode::broken) return failure("23505", "duplicate key value");
    if (mode == write_mode::nothing) return done("UPDATE 0");
    if (mode == write_mode::later) by.deferred_trouble_ = true;
    return affect(by, {writes, static_cast<int>(number(*what.params.at(1))), mode, {}});
}

/// What is not plain is felt by all others in its transaction, and by all that come after it in the session.
reply database_server::affect(backend& by, statement_effect one) {
    auto& others = by.change_.effects;
    const auto is_mate = [&](const statement_effect& each) { return each.write != one.write; };
    if (one.what == write_mode::clash && std::ranges::any_of(others, [&](const auto& each) {
            return is_mate(each) && each.what == write_mode::clash;
        })) {
        return failure("42P07", "the name is taken");
    }
    for (const auto& each : by.traces_) {
        if (each.write != one.write) one.saw = each.write;
    }
    const auto left = leaves(one.what);
    if (left == sql::residue::nothing) {
        by.last_plain_ = one.write;
    } else if (by.last_plain_ && by.last_plain_ != one.write) {
        one.saw = *by.last_plain_;
    }
    if (!is_plain(one.what)) {
        if (left != sql::residue::nothing) by.traces_.push_back({one.write, left});
        for (auto& each : others) {
            if (is_mate(each)) each.saw = one.write;
        }
    }
    for (auto& each : others) {
        if (is_mate(each) && each.what == write_mode::dated && one.what == write_mode::dated) one.saw = each.write;
    }
    others.push_back(one);
    auto answer = done("UPDATE 1");
    answer.result.rows_affected = 1;
    if (one.what == write_mode::large) answer.result.rows = {{std::string(large_bytes, 'x')}};
    if (one.what == write_mode::huge) answer.result.rows = {{std::string(huge_bytes, 'x')}};
    return answer;
}

/// A statement that fails unless it affects as many rows as its last parameter says.
reply database_server::count(backend& by, const command& what) {
    auto bare = what;
    bare.sql.erase(0, counted.size());
    bare.params.pop_back();
    const auto answer = write(by, mode_of(bare.sql).value(), bare);
    if (answer.failed()) return answer;
    const bool as_wanted = answer.result.rows_affected == number(*what.params.back());
    return as_wanted ? done("SELECT 1") : failure("22012", "division by zero");
}

reply database_server::clean(backend& by) {
    if (by.in_transaction_) return failure("25001", "DISCARD ALL cannot run inside a transaction block");
    std::erase_if(by.traces_, [](const auto& each) { return each.what == sql::residue::cleanable; });
    by.last_plain_.reset();
    return done("DISCARD ALL");
}

// Transactions.

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

void database_server::commit(database_change change) {
    the_world().observed.committing(change, state_);
    ++position_;
    state_.apply(change);
    log_.push_back(std::move(change));
}

/// The transaction is over but for its name, unless it can go back to a savepoint.
void database_server::fail(backend& by) {
    if (!by.in_transaction_) return;
    by.failed_ = true;
    if (!by.savepoints_.empty()) return;
    by.slot_.reset();
    by.change_ = {};
}

void database_server::roll_back(backend& by) {
    by.in_transaction_ = by.failed_ = by.deferred_trouble_ = false;
    by.slot_.reset();
    by.limits_ = {};
    by.change_ = {};
    by.savepoints_.clear();
}

}  // namespace penholder::simulation
