// How the simulated server carries out a round: what waits, what ends a connection, what answers come out of it.
#include "database_server.hpp"
#include "world.hpp"

#include <algorithm>
#include <array>

namespace penholder::simulation {

using namespace std::chrono_literals;
using lane::command;
using lane::reply;

namespace {

bool permille(int chance) {
    return the_world().chance.permille(chance);
}

/// The mode of an application's statement, also of one whose rows are counted.
std::optional<write_mode> mode_behind(std::string_view sql) {
    static constexpr std::string_view counted = "WITH penholder_counted AS (";
    if (sql.starts_with(counted)) sql.remove_prefix(counted.size());
    return mode_of(sql);
}

std::size_t bytes_of(const statement_result& result) {
    std::size_t bytes = 0;
    for (const auto& row : result.rows) {
        for (const auto& value : row) bytes += value ? value->size() : 0;
    }
    return bytes;
}

}  // namespace

void database_server::carry_out(const link& over, request what, std::function<void(replies)> done) {
    if (!over->open_) return;
    const auto round = std::make_shared<under_way>();
    round->over = over;
    round->what = std::move(what);
    round->done = std::move(done);
    over->rounds_.emplace_back([this, round] { proceed(round); });
    if (over->rounds_.size() == 1) proceed(round);
}

/// A COMMIT may take its time, and a statement may wait for somebody else's lock; the rest of the round waits for it.
void database_server::proceed(const run& round) {
    const auto& commands = round->what.commands;
    round->answers.reserve(commands.size());
    while (round->over->open_ && round->next < commands.size()) {
        if (round->aborted) {
            ++round->next;
            round->answers.emplace_back();
            continue;
        }
        if (!round->waited && waits(round)) return;
        answer_next(round);
    }
    if (!round->over->open_) return;
    round->done(std::move(round->answers));
    auto& rounds = round->over->rounds_;
    rounds.pop_front();
    if (!rounds.empty()) {
        present().after({}, [over = round->over] {
            if (over->open_ && !over->rounds_.empty()) std::function(over->rounds_.front())();
        });
    } else if (round->over->client_gone_) {
        end(round->over, {});
    }
}

// Waiting.

void database_server::wait(const run& round, duration how_long, std::optional<reply> instead) {
    round->instead = std::move(instead);
    present().after(how_long, [this, round] {
        if (!round->over->open_) return;
        round->waited = true;
        proceed(round);
    });
}

bool database_server::waits(const run& round) {
    auto& chance = the_world().chance;
    const auto& conditions = the_world().conditions;
    const auto& what = round->command();
    if (what.sql == "COMMIT") return waits_to_commit(round);
    if (what.sql.starts_with("SELECT penholder.record")) return waits_for_key(round);
    const auto mode = mode_behind(what.sql);
    if (!mode || round->over->failed_) return false;
    const auto& limits = round->over->limits_;
    if (*mode == write_mode::stubborn && conditions.evil) return true;
    if (*mode == write_mode::slow && conditions.evil) {
        const duration takes = chance.between(20ms, 400ms);
        const bool is_too_long = limits.statement > duration{} && takes > limits.statement;
        wait(round, is_too_long ? limits.statement : takes,
             is_too_long ? std::optional(failure("57014", "canceling statement due to statement timeout"))
                         : std::nullopt);
        return true;
    }
    if (!permille(conditions.statement_slow)) return false;
    const duration takes = chance.between(1ms, 400ms);
    const bool is_too_long = limits.lock > duration{} && takes > limits.lock;
    wait(round, is_too_long ? limits.lock : takes,
         is_too_long ? std::optional(failure("55P03", "canceling statement due to lock timeout")) : std::nullopt);
    return true;
}

/// It may have taken effect, and only its answer take long.
bool database_server::waits_to_commit(const run& round) {
    auto& chance = the_world().chance;
    if (!permille(the_world().conditions.commit_slow)) return false;
    const duration takes = chance.one_in(4) ? chance.between(400ms, 2000ms) : chance.between(1ms, 400ms);
    if (!chance.one_in(2)) {
        wait(round, takes);
        return true;
    }
    answer_next(round);
    present().after(takes, [this, round] {
        if (round->over->open_) proceed(round);
    });
    return true;
}

/// A key that another transaction has recorded and not committed is waited for.
bool database_server::waits_for_key(const run& round) {
    if (round->over->failed_ || !is_recorded_elsewhere(*round->over, round->command())) return false;
    const auto& limits = round->over->limits_;
    if (limits.lock > duration{} && round->spent >= limits.lock) {
        round->instead = failure("55P03", "canceling statement due to lock timeout");
        return false;
    }
    round->spent += looks;
    present().after(looks, [this, round] {
        if (round->over->open_) proceed(round);
    });
    return true;
}

// Answers.

void database_server::answer_next(const run& round) {
    const auto& what = round->what.commands[round->next];
    auto& by = *round->over;
    round->waited = false;
    if (what.sql == "COMMIT" && spoil_commit(round)) return;
    const auto mode = by.failed_ ? std::nullopt : mode_behind(what.sql);
    if (mode && !round->instead && facts_of(*mode).kills) {
        the_world().observed.killed(by.held_, std::stoi(*what.params.at(0)));
        return kill(round, *mode);
    }
    ++round->next;
    if (auto instead = std::exchange(round->instead, std::nullopt)) {
        fail(by);
        round->answers.push_back(std::move(*instead));
    } else {
        round->answers.push_back(execute(by, what));
    }
    bound_rows(*round);
    round->aborted = round->answers.back().failed();
}

/// Rows over the bound are dropped, and the statement may be ended.
void database_server::bound_rows(under_way& round) const {
    auto& last = round.answers.back();
    round.rows_bytes += bytes_of(last.result);
    if (round.rows_bytes <= round.what.max_rows_bytes || last.result.rows.empty()) return;
    last.result.rows.clear();
    last.too_large = true;
}

/// The server's last word, where it has one and it arrives.
void database_server::end_fatally(const run& round, std::string_view sqlstate, const std::string& why) {
    if (the_world().chance.one_in(2)) {
        auto last = failure(sqlstate, why);
        last.fatal = true;
        round->answers.push_back(std::move(last));
        round->answers.resize(round->what.commands.size());
        round->done(std::move(round->answers));
    }
    end(round->over, why);
}

void database_server::kill(const run& round, write_mode what) {
    tell("base", "a {} ends {}", facts_of(what).table, what == write_mode::bomb ? "the server" : "its connection");
    if (what != write_mode::bomb) {
        return end_fatally(round, "57P01", "terminating connection due to administrator command");
    }
    go_down();
    present().after(the_world().chance.between(1ms, 100ms), [] { the_world().database.come_up(); });
}

/// A COMMIT may have taken effect and its reply be lost, or be an error that says nothing; or it fails for a reason
/// that is no write's.
bool database_server::spoil_commit(const run& round) {
    auto& chance = the_world().chance;
    const auto& conditions = the_world().conditions;
    auto& by = *round->over;
    if (by.failed_ || by.deferred_trouble_) return false;
    if (permille(conditions.commit_reply_lost)) {
        (void)execute(by, round->command());
        if (chance.one_in(2)) {
            end(round->over, "connection reset by peer");
        } else {
            end_fatally(round, "57P01", "terminating connection");
        }
        return true;
    }
    if (!permille(conditions.commit_fails)) return false;
    static constexpr std::array<std::string_view, 5> states{"53100", "40001", "57014", "40003", "XX000"};
    const auto state = states.at(static_cast<std::size_t>(chance.below(5)));
    const bool says_nothing = state == "40003" || state == "XX000";
    for (const auto& one : by.change_.effects) the_world().observed.may_be_rejected(one.write);
    if (says_nothing && chance.one_in(2)) {
        (void)execute(by, round->command());
    } else {
        roll_back(by);
    }
    ++round->next;
    round->answers.push_back(failure(state, "COMMIT failed"));
    round->aborted = true;
    return true;
}

}  // namespace penholder::simulation
