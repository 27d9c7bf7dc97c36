#include "database_server.hpp"

#include "world.hpp"

#include <algorithm>

namespace penholder::simulation {

using namespace std::chrono_literals;
using lane::command;
using lane::reply;

namespace {

constexpr int least_growth = 1;
constexpr int most_growth = 1000;

}  // namespace

void database_state::apply(const database_change& change) {
    if (change.fence) fence = *change.fence;
    if (change.catalogue) catalogue = *change.catalogue;
    for (const auto& one : change.effects) ++effects[one.code()];
    for (const auto& [key, kept] : change.keys) keys.insert_or_assign(key, kept);
    for (const auto& [origin, kept] : change.origins) origins.insert_or_assign(origin, kept);
}

int database_state::effects_of(int write) const {
    int found = 0;
    for (auto one = effects.lower_bound(write * statements_max); one != effects.end(); ++one) {
        if (one->first >= (write + 1) * statements_max) break;
        found += one->second;
    }
    return found;
}

// Connections.

database_server::link database_server::connect(location client, std::uint64_t held, backend::teller on_lost) {
    if (!up_) return nullptr;
    return backends_.emplace_back(std::make_shared<backend>(client, held, std::move(on_lost)));
}

/// The backend finds out behind all that was sent, when that arrives and is done.
void database_server::disconnect(const link& over) {
    over->on_lost_ = nullptr;
    if (std::exchange(over->client_gone_, true)) return;
    over->arrives = std::max(over->arrives, present().now() + the_world().chance.between(0us, 3000us));
    present().at(over->arrives, {}, task([this, over] {
                     the_world().links.when_database_reaches(over->client_.place, [this, over] {
                         if (over->rounds_.empty()) end(over, {});
                     });
                 }));
}

void database_server::terminate(const link& over) {
    end(over, "terminating connection due to administrator command");
}

void database_server::end(const link& over, const std::string& why) {
    if (!std::exchange(over->open_, false)) return;
    roll_back(*over);
    over->rounds_.clear();
    std::erase(backends_, over);
    if (!over->on_lost_) return;
    present().after(the_world().chance.between(0us, 500us), over->client_, [over, why] {
        if (auto told = std::exchange(over->on_lost_, nullptr)) told(why);
    });
}

void database_server::end_backends(int place) {
    for (const auto& each : std::vector(backends_)) {
        if (each->client_.place == place) terminate(each);
    }
}

void database_server::reset_clients(int place) {
    auto& chance = the_world().chance;
    for (const auto& each : std::vector(backends_)) {
        if (each->client_.place != place || std::exchange(each->client_gone_, true)) continue;
        present().after(chance.between(1ms, 300ms), [this, each] {
            if (each->rounds_.empty()) end(each, {});
        });
        if (!each->on_lost_) continue;
        present().after(chance.between(0us, 500us), each->client_, [each] {
            if (auto told = std::exchange(each->on_lost_, nullptr)) told("connection reset by peer");
        });
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

// The catalogue.

/// Somebody creates, alters or drops something, or does away with what keeps the stamp, or brings it back.
void database_server::change_catalogue() {
    if (!up_) return;
    auto& chance = the_world().chance;
    auto next = state_.catalogue;
    if (chance.one_in(2)) next.shifty_is_plain = !next.shifty_is_plain;
    stamps_ += static_cast<std::uint64_t>(chance.between(least_growth, most_growth));
    next.stamp.value = chance.one_in(10) ? 0 : stamps_;
    database_change change;
    change.catalogue = next;
    commit(std::move(change));
}

bool database_server::is_plain(write_mode what) const {
    return what == write_mode::shifty ? state_.catalogue.shifty_is_plain : facts_of(what).plain;
}

sql::residue database_server::leaves(write_mode what) const {
    if (what != write_mode::fancy && what != write_mode::shifty) return facts_of(what).leaves;
    const bool something = !is_plain(what) && state_.catalogue.stamp.value % 2 == 0;
    return something ? sql::residue::cleanable : sql::residue::nothing;
}

sql::judgement database_server::judge(const std::string& sql) const {
    const auto what = mode_of(sql).value_or(write_mode::sticky);
    sql::judgement found;
    found.as_of = state_.catalogue.stamp;
    found.plainness.plain = is_plain(what);
    found.plainness.leaves = leaves(what);
    found.plainness.parameters = 2;
    if (!found.plainness.plain) found.plainness.why_not = "simulated";
    if (what == write_mode::dated) found.plainness.stamped_tables = {"public.dated"};
    return found;
}

// The fence.

bool database_server::is_held(std::optional<int> slot) const {
    return std::ranges::any_of(backends_,
                               [&](const auto& each) { return each->slot_ && (!slot || each->slot_ == slot); });
}

/// Whether the slot, or all of them, are still held. Who holds one when the patience is over is ended.
bool database_server::wait_out(std::optional<int> slot, duration patience) {
    if (!is_held(slot)) return false;
    if (patience > duration{}) return true;
    for (const auto& each : std::vector(backends_)) {
        if (each->slot_ && (!slot || each->slot_ == slot)) terminate(each);
    }
    return true;
}

void database_server::raise_fence(fence_record wanted, duration patience, raised done) {
    if (!up_) return done(std::nullopt);
    const auto& now = state_.fence;
    const bool own = now.term == wanted.term && now.leader == wanted.leader && now.endpoint == wanted.endpoint;
    const bool rises = now.term < wanted.term || own;
    if (rises && wait_out(own ? std::optional(0) : std::nullopt, patience)) {
        present().after(looks, [this, wanted = std::move(wanted), patience, done = std::move(done), era = era_] {
            if (era != era_) return done(std::nullopt);
            raise_fence(wanted, patience - looks, done);
        });
        return;
    }
    if (rises && !own) {
        database_change change;
        change.term = wanted.term.value;
        change.fence = wanted;
        commit(std::move(change));
    }
    done(fence_answer{state_.fence, rises});
}

void database_server::take_slot(const link& over, int slot, duration patience, std::function<void(bool)> done) {
    if (!up_) return done(false);
    if (!wait_out(slot, patience)) {
        hold_slot(over, slot);
        return done(true);
    }
    present().after(looks, [this, over, slot, patience, done = std::move(done), era = era_] {
        if (era != era_) return done(false);
        take_slot(over, slot, patience - looks, done);
    });
}

void database_server::hold_slot(const link& over, int slot) {
    holders_[slot] = over;
}

}  // namespace penholder::simulation
