#include "history.hpp"

#include "clients.hpp"
#include "database_client.hpp"
#include "election/paths.hpp"
#include "election/records.hpp"
#include "world.hpp"

#include <algorithm>

namespace penholder::simulation {
namespace {

using namespace std::chrono_literals;

const std::string leader_path = std::string(group_path) + "/leader";
const std::string candidates_path = std::string(group_path) + "/candidates";

/// What `elector_options::turn_after` leaves to each, by the fastest clock.
constexpr auto least_time_of_a_successor = 489ms;

struct candidate {
    const kept_znode* znode = nullptr;
    election::candidate_record record;
};

std::vector<candidate> candidates_in(const moment& now) {
    std::vector<candidate> all;
    for (const auto& name : now.children(candidates_path)) {
        const auto* found = now.find(candidates_path + "/" + name);
        if (found->owner == 0) continue;
        if (auto record = election::decode_candidate(found->path, found->data))
            all.push_back({found, std::move(*record)});
    }
    return all;
}

/// Somebody made its candidate anew by hand, with the version that the real one had.
bool has_copy_of_candidate(const moment& now, std::int64_t session) {
    return std::ranges::any_of(now.children(candidates_path), [&](const std::string& name) {
        return name.starts_with(election::candidate_prefix(session));
    });
}

/// The leader of `term` has named its heir.
bool agreed(const moment& then, term of, std::string_view heir) {
    const auto* control = then.find(std::string(group_path) + "/control");
    if (control == nullptr) return false;
    const auto request = election::decode_control(control->path, control->data);
    return request && request->handover && request->handover->agreed && request->handover->from_term == of &&
           request->handover->to == heir;
}

}  // namespace

void history::violated(std::string what) {
    if (violation_) return;
    tell("BROKEN", "{}", what);
    violation_ = std::move(what);
}

void history::wiped() {
    terms_lost_ = true;
    highest_term_ = 0;
    vacant_since_ = present().now();
}

void history::leader_dead() {
    if (!dead_since_) dead_since_ = present().now();
}

void history::znodes_changed(const moment& before, const moment& now) {
    if (std::ranges::find(now.touched, leader_path) == now.touched.end()) return;
    const auto* leader = now.find(leader_path);
    if (leader == nullptr) vacant_since_ = present().now();
    if (leader == nullptr || leader->version != 0 || leader->owner == 0) return;
    elected(before, *leader);
    const auto* gone = before.find(leader_path);
    if (gone != nullptr && gone->owner != 0) evicted(before, *gone, *leader);
    if (on_election) on_election();
}

/// Only a leader that agreed, or seems dead, is removed: its process is gone, or its address has refused somebody.
void history::evicted(const moment& before, const kept_znode& gone, const kept_znode& by) {
    const auto dead = election::decode_leader(gone.path, gone.data);
    const auto heir = election::decode_leader(by.path, by.data);
    if (!dead || !heir) return violated("an eviction removes a leader that can be read");
    if (agreed(before, dead->term, heir->node)) return;
    tell("znodes", "{} evicts {}, leader of term {}", heir->node, dead->node, dead->term.value);
    const auto* its = the_world().links.find(dead->endpoint);
    const bool lives = its != nullptr && its->life.text() == dead->incarnation && present().alive(its->where);
    if (lives && !its->refused) violated(fmt::format("nobody is evicted who lives and answers: {} was", dead->node));
    if (++evictions_[heir->incarnation] > the_world().conditions.most_evictions) {
        violated(fmt::format("evictions are limited: {} evicts more than {}", heir->node,
                             the_world().conditions.most_evictions));
    }
}

void history::elected(const moment& before, const kept_znode& leader) {
    const auto record = election::decode_leader(leader.path, leader.data);
    if (!record) return;
    const auto number = record->term.value;
    tell("znodes", "{} is elected for term {}", record->node, number);
    if (number <= highest_term_) {
        violated(fmt::format("terms strictly increase: {} was elected for term {} after term {}", record->node, number,
                             highest_term_));
    }
    highest_term_ = number;
    if (record->database != groups_database) {
        violated(fmt::format("nobody leads over another database than the group's: {} was elected", record->node));
    }
    if (before.find(leader_path) == nullptr) overtaken(before, leader.owner, last_leader_);
    last_leader_ = record->node;
    dead_since_.reset();
}

/// Nobody is elected before somebody of the same priority who has stood for longer, whom everybody could see, and who
/// had not the time to act.
void history::overtaken(const moment& before, std::int64_t session, std::string_view last_leader) {
    const auto since = std::min(vacant_since_, dead_since_.value_or(vacant_since_));
    const bool had_time = present().now() - since >= least_time_of_a_successor;
    const auto all = candidates_in(before);
    const auto own = std::ranges::find(all, session, [](const auto& each) { return each.znode->owner; });
    if (own == all.end() && !has_copy_of_candidate(before, session)) violated("whoever is elected is a candidate");
    if (own == all.end() || had_time) return;
    const auto* control = before.find(std::string(group_path) + "/control");
    const auto request = control != nullptr ? election::decode_control(control->path, control->data)
                                            : result<election::control_record>(election::control_record{});
    if (!request || request->handover) return;
    for (const auto& each : all) {
        if (request->drains(each.record.node)) continue;
        const bool settled = present().now() - each.znode->modified_at > 2s;
        const bool ahead = each.record.eligible && each.record.priority == own->record.priority &&
                           each.record.unreached == own->record.unreached && each.znode->created < own->znode->created;
        if (settled && ahead && each.record.node != last_leader &&
            each.record.node != the_world().database.committed().fence.leader) {
            violated(
                fmt::format("succession is in order: {} was elected before {}", own->record.node, each.record.node));
        }
    }
}

void history::committing(const database_change& change, const database_state& before) {
    if (change.fence) {
        tell("fence", "stands at term {} of {}", change.fence->term.value, change.fence->leader);
        return;
    }
    if (change.catalogue) {
        tell("base", "the catalogue's stamp is {}; shifty is {}", change.catalogue->stamp.value,
             change.catalogue->shifty_is_plain ? "plain" : "not plain");
        return;
    }
    if (change.term != before.fence.term.value) {
        violated(fmt::format(
            "nothing commits under another term than the fence's: term {} committed, the fence stands at {}",
            change.term, before.fence.term.value));
    }
    for (const auto& one : change.effects) effected(one, change, before);
}

void history::effected(const statement_effect& one, const database_change& change, const database_state& before) {
    clients_->took_effect(one, before);
    if (one.saw) {
        violated(fmt::format("no write sees what another has left: write {} does, of write {}", one.write, *one.saw));
    }
    const bool is_plain = one.what == write_mode::shifty || facts_of(one.what).plain;
    if (change.by_lane && !is_plain) {
        violated(fmt::format("only what is plain takes the lane: write {} is {}", one.write, facts_of(one.what).table));
    }
}

/// By the lane, which cannot tell who of a batch it was, and then once more alone.
void history::killed(std::uint64_t term, int write) {
    constexpr int most_kills = 3;
    tell("base", "write {} ends its connection", write);
    const auto found = ends_.find({term, write});
    if (found == ends_.end()) return;
    auto& its = found->second;
    if (++its.kills <= most_kills * its.attempts) return;
    violated(fmt::format("what ended connections is not run again: write {} ended {} in {} attempts", write, its.kills,
                         its.attempts));
}

bool history::was_blamed(int write) const {
    constexpr int least_losses = 2;
    const auto found = losses_.find(write);
    return found != losses_.end() && found->second >= least_losses;
}

/// What was promised of commits that no longer are is void, and so may be the terms of fences that no longer stand.
void history::tail_lost(std::span<const database_change> lost) {
    for (const auto& each : lost) {
        for (const auto& one : each.effects) clients_->excuse(one.write);
        for (const auto& [id, kept] : each.keys) clients_->excuse(id);
        fence_lost_ = fence_lost_ || each.fence.has_value();
    }
    if (lost.empty()) return;
    clients_->excuse_all_rejected();
    ends_.clear();
}

/// Where a term may have two owners, they have the same slots.
void history::slot_shared(int slot) {
    if (nobody_can_know()) return;
    violated(fmt::format("no two transactions share a slot of the fence: slot {}", slot));
}

void history::reported(int place, std::uint64_t life, const leadership& now) {
    const auto name = name_of(place);
    const auto [entry, first] = reported_.try_emplace(place, now);
    if (!first) {
        const auto before = std::exchange(entry->second, now);
        if (before == now) violated(fmt::format("{} is told something new by each report", name));
        if (before.is_leader() && now.is_leader() && before.term != now.term) {
            violated(fmt::format("gain and loss of leadership alternate: {} was told of term {} while it led term {}",
                                 name, now.term, before.term));
        }
    }
    const bool owns_term = two_ensembles_ ? now.role == role::serving : now.is_leader();
    if (!owns_term) return;
    const auto owner = owners_.try_emplace(now.term, place, life).first->second;
    if (owner != std::pair(place, life) && !nobody_can_know()) {
        violated(
            fmt::format("a term has one owner: term {} is led by {} and by {}", now.term, name_of(owner.first), name));
    }
}

void history::queued(int place, std::size_t writes) {
    if (writes > queue_max_) {
        violated(fmt::format("no queue is over its bound: {}'s lane holds {} writes, at most {} are allowed",
                             name_of(place), writes, queue_max_));
    }
}

void history::process_began(int place) {
    reported_.erase(place);
    identified_.erase(place);
}

void history::asks_leader(int place) {
    if (foreign_.contains(place) && identified_.contains(place)) {
        violated(fmt::format("a node with another database takes no part: {} asks a leader", name_of(place)));
    }
}

void history::has_database(int place, bool foreign) {
    identified_.erase(place);
    if (foreign) {
        foreign_.insert(place);
    } else {
        foreign_.erase(place);
    }
}

void history::forwarded(int from, const std::string& id) {
    if (!clients_->was_given_to(from, id)) {
        violated(
            fmt::format("a write is forwarded by the node that it was given to: {} forwarded {}", name_of(from), id));
    }
}

}  // namespace penholder::simulation
