#include "database_server.hpp"

#include "world.hpp"

#include <algorithm>

namespace penholder::simulation {

using namespace std::chrono_literals;
using lane::command;
using lane::reply;

namespace {

/// How often a raise that has to wait looks whether it still has to.
constexpr auto fence_looks = 2ms;

}  // namespace

void database_state::apply(const database_change& change) {
    if (change.fence) fence = *change.fence;
    for (const auto number : change.effects) ++effects[number];
    for (const auto& [key, kept] : change.keys) keys.insert_or_assign(key, kept);
    for (const auto& [origin, kept] : change.origins) origins.insert_or_assign(origin, kept);
}

database_server::link database_server::connect(location client, std::function<void(std::string why)> on_lost) {
    if (!up_) return nullptr;
    return backends_.emplace_back(std::make_shared<backend>(client, std::move(on_lost)));
}

void database_server::disconnect(const link& over) {
    over->on_lost_ = nullptr;
    present().after(the_world().chance.between(0us, 3000us), [this, over] { end(over, {}); });
}

void database_server::end(const link& over, const std::string& why) {
    if (!std::exchange(over->open_, false)) return;
    roll_back(*over);
    std::erase(backends_, over);
    if (!over->on_lost_) return;
    present().after(the_world().chance.between(0us, 500us), over->client_, [over, why] {
        if (auto told = std::exchange(over->on_lost_, nullptr)) told(why);
    });
}

void database_server::end_backends(int place) {
    for (const auto& each : std::vector(backends_)) {
        if (each->client_.place == place) end(each, "terminating connection due to administrator command");
    }
}

/// Its sockets are closed, and each backend notices when it next has to do with its own.
void database_server::process_gone(int place) {
    for (const auto& each : std::vector(backends_)) {
        if (each->client_.place == place) disconnect(each);
    }
}

void database_server::go_down() {
    up_ = false;
    ++era_;
    for (const auto& each : std::vector(backends_)) end(each, "the server closed the connection");
}

void database_server::lose_tail(std::size_t count) {
    count = std::min(count, log_.size());
    const auto first_lost = log_.end() - static_cast<std::ptrdiff_t>(count);
    the_world().observed.tail_lost({first_lost, log_.end()});
    log_.erase(first_lost, log_.end());
    state_ = {};
    for (const auto& each : log_) state_.apply(each);
}

// The fence.

bool database_server::fence_held() const {
    return std::ranges::any_of(backends_, [](const auto& each) { return each->holds_fence_; });
}

void database_server::raise_fence(fence_record wanted, duration patience, raised done) {
    if (!up_) return done(std::nullopt);
    if (fence_held()) {
        if (patience <= duration{}) {
            for (const auto& each : std::vector(backends_)) {
                if (each->holds_fence_) end(each, "terminating connection due to administrator command");
            }
        }
        present().after(fence_looks, [this, wanted = std::move(wanted), patience, done = std::move(done), era = era_] {
            if (era != era_) return done(std::nullopt);
            raise_fence(wanted, patience - fence_looks, done);
        });
        return;
    }
    const auto& now = state_.fence;
    const bool own = now.term == wanted.term && now.leader == wanted.leader && now.endpoint == wanted.endpoint;
    const bool rises = now.term < wanted.term || own;
    if (rises && !own) commit({wanted.term.value, wanted, {}, {}, {}});
    done(fence_answer{state_.fence, rises});
}

// Rounds.

void database_server::carry_out(const link& over, lane::round commands, std::function<void(replies)> done) {
    const auto round = std::make_shared<under_way>(under_way{over, std::move(commands), 0, {}, false, std::move(done)});
    over->rounds_.push_back([this, round] { proceed(round); });
    if (over->rounds_.size() == 1) proceed(round);
}

/// A COMMIT may take its time, and a statement may wait for somebody else's lock; the rest of the round waits for it.
void database_server::proceed(const run& round) {
    auto& chance = the_world().chance;
    const auto& conditions = the_world().conditions;
    round->answers.reserve(round->commands.size());
    while (round->over->open_ && round->next < round->commands.size()) {
        const auto& what = round->commands[round->next++];
        if (round->aborted) {
            round->answers.emplace_back();
            continue;
        }
        const bool commits = what.sql == "COMMIT";
        const bool waits = (commits && chance.permille(conditions.commit_slow)) ||
                           (what.sql.starts_with("UPDATE") && chance.permille(conditions.statement_slow));
        if (waits) {
            const bool first_done = commits && chance.one_in(2);
            if (first_done) answer_next(round);
            present().after(chance.between(1ms, 400ms), [this, round, first_done] {
                if (!round->over->open_) return;
                if (!first_done) answer_next(round);
                proceed(round);
            });
            return;
        }
        answer_next(round);
    }
    if (!round->over->open_) return;
    round->done(std::move(round->answers));
    auto& rounds = round->over->rounds_;
    rounds.pop_front();
    if (!rounds.empty()) present().after({}, rounds.front());
}

/// A COMMIT may have taken effect and its reply be lost, or be an error that says nothing.
void database_server::answer_next(const run& round) {
    auto& chance = the_world().chance;
    const auto& what = round->commands[round->next - 1];
    round->answers.push_back(execute(*round->over, what));
    round->aborted = round->answers.back().failed();
    if (what.sql != "COMMIT" || !chance.permille(the_world().conditions.commit_reply_lost)) return;
    if (chance.one_in(2)) return end(round->over, "connection reset by peer");
    round->answers.back() = {reply::kind::failed, {}, {}, "57P01", "terminating connection"};
    round->aborted = true;
}

// Transactions.

void database_server::roll_back(backend& by) {
    by.in_transaction_ = by.failed_ = by.holds_fence_ = by.deferred_trouble_ = false;
    by.change_ = {};
    by.savepoints_.clear();
}

void database_server::commit(database_change change) {
    the_world().observed.committing(change, state_);
    ++position_;
    state_.apply(change);
    log_.push_back(std::move(change));
}

}  // namespace penholder::simulation
