#include "faults.hpp"

#include "election/records.hpp"
#include "world.hpp"

#include <algorithm>
#include <iterator>

namespace penholder::simulation {

using namespace std::chrono_literals;

namespace {

group::znode_step removal_of(const std::string& path) {
    return {group::znode_step::kind::remove, path, {}, -1, {}};
}

std::shared_ptr<const kept_znode> some_ephemeral() {
    kept_znodes ephemeral;
    std::ranges::copy_if(the_world().znodes.latest().znodes, std::back_inserter(ephemeral),
                         [](const auto& each) { return each->owner != 0; });
    if (ephemeral.empty()) return nullptr;
    return ephemeral[static_cast<std::size_t>(the_world().chance.below(static_cast<int>(ephemeral.size())))];
}

}  // namespace

void faults::begin(time_point until) {
    until_ = until;
    the_world().observed.on_election = [this] {
        const auto leader = std::string(group_path) + "/leader";
        if (over_ || !the_world().chance.permille(the_world().conditions.leader_removed)) return;
        present().after(some_time(0, 8), [leader] {
            tell("znodes", "somebody removes the new leader's znode");
            (void)the_world().znodes.transact(0, {removal_of(leader)});
        });
    };
    the_world().time.interference = [this](int place) { return pause_before(place); };
    if (the_world().conditions.weight_sum > 0) next();
}

void faults::next() {
    const auto most = std::chrono::duration_cast<std::chrono::microseconds>(the_world().conditions.between_faults);
    present().after(the_world().chance.between(1ms, 2 * most), [this] {
        if (over_) return;
        strike(the_world().conditions.next_fault(the_world().chance));
        next();
    });
}

/// A process may be held up before anything that it does.
bool faults::pause_before(int place) {
    if (over_ || !the_world().chance.permille(the_world().conditions.pause_at_a_step)) return false;
    fleet_.pause(place, some_time(1, 400));
    tell(name_of(place), "is paused before its next step");
    return true;
}

int faults::some_place() {
    auto& chance = the_world().chance;
    const auto leader = fleet_.leader();
    if (leader && chance.one_in(2)) return *leader;
    return chance.between(1, fleet_.size());
}

duration faults::some_time(int least_ms, int most_ms) {
    return std::chrono::milliseconds(the_world().chance.between(least_ms, most_ms));
}

void faults::strike(fault what) {
    const int place = some_place();
    const auto name = name_of(place);
    auto& world = the_world();
    if (!fleet_.runs(place)) return;
    switch (what) {
        case fault::kill: return fleet_.kill(place);
        case fault::stop: return fleet_.stop(place);
        case fault::pause: tell(name, "is paused"); return fleet_.pause(place, some_time(10, 1500));
        case fault::ensemble_cut: return cut_ensemble(place);
        case fault::ensemble_down: return ensemble_down();
        case fault::ensemble_wiped:
            tell("znodes", "are wiped");
            world.observed.wiped();
            for (int each = 1; each <= fleet_.size(); ++each) take_foreign_database(each);
            return world.znodes.remove_everything();
        case fault::session_ended: return fleet_.session(place).end_by_ensemble();
        case fault::link_reset: tell(name, "its links are reset"); return world.links.reset(place);
        case fault::link_cut: return cut_link(place);
        case fault::database_cut: return cut_database(place);
        case fault::backends_ended:
            tell(name, "its database connections are ended");
            return world.database.end_backends(place);
        case fault::database_restarted: return database_down(false);
        case fault::database_promoted: return database_down(true);
        case fault::resign:
            tell(name, "is asked to resign");
            return present().after({}, fleet_.where(place), [this, place] { fleet_.resign(place); });
        case fault::handover: return set_control(false, true);
        case fault::group_paused: return set_control(true, false);
        case fault::znode_removed: return remove_some_znode();
        case fault::death_feigned: return feign_death(place);
        case fault::database_reset:
            tell(name, "its database connections are reset");
            return world.database.reset_clients(place);
        case fault::catalogue_changed: return world.database.change_catalogue();
        case fault::database_foreign: return give_foreign_database(place);
        case fault::znode_orphaned: return orphan_some_znode();
        case fault::drain: return drain(place);
        case fault::retire: return retire(place);
        case fault::ensemble_other: return give_other_ensemble(place);
    }
}

void faults::come_back(int place) {
    present().after(some_time(1, 800), [this, place] {
        if (!fleet_.runs(place)) fleet_.start(place);
    });
}

void faults::cut_ensemble(int place) {
    tell(name_of(place), "is cut off from the ensemble");
    fleet_.session(place).cut();
    present().after(some_time(5, 2000), [this, place] {
        if (!over_ && fleet_.runs(place)) fleet_.session(place).mend();
    });
}

void faults::ensemble_down() {
    tell("znodes", "nobody reaches the ensemble");
    for (const auto place : fleet_.running()) fleet_.session(place).cut();
    present().after(some_time(5, 1500), [this] {
        for (const auto place : fleet_.running()) {
            if (!over_) fleet_.session(place).mend();
        }
    });
}

void faults::cut_link(int place) {
    const int other = 1 + (place + the_world().chance.below(fleet_.size() - 1)) % fleet_.size();
    if (other == place) return;
    const bool both = the_world().chance.one_in(2);
    tell(name_of(place), "is not heard by {}{}", name_of(other), both ? ", nor the other way" : "");
    the_world().links.cut(place, other);
    if (both) the_world().links.cut(other, place);
    present().after(some_time(5, 1500), [place, other] {
        the_world().links.mend(place, other);
        the_world().links.mend(other, place);
    });
}

void faults::cut_database(int place) {
    tell(name_of(place), "is cut off from the database");
    the_world().links.cut_database(place);
    present().after(some_time(5, 1500), [place] { the_world().links.mend_database(place); });
}

void faults::database_down(bool loses_tail) {
    auto& world = the_world();
    if (!world.database.is_up()) return;
    world.database.go_down();
    const auto lost = loses_tail ? world.chance.between(0, 4) : 0;
    tell("base", "goes down; {} commits are lost", lost);
    if (loses_tail) world.database.lose_tail(static_cast<std::size_t>(lost));
    present().after(some_time(1, 600), [] {
        tell("base", "is up again");
        the_world().database.come_up();
    });
}

void faults::set_control(bool paused, bool handover) {
    std::optional<election::handover_request> wish;
    if (handover) {
        const auto heir = the_world().chance.one_in(2) ? std::string("*") : std::string(name_of(some_place()));
        wish = election::handover_request{heir, the_world().database.committed().fence.term};
    }
    tell("znodes", "operators want: paused {}, handover {}", paused, wish ? wish->to : "no");
    change_control(
        [&](election::control_record& now) { now = {.paused = paused, .handover = wish, .drained = now.drained}; });
    if (!paused) return;
    present().after(some_time(10, 800), [this] { set_control(false, false); });
}

void faults::change_control(const std::function<void(election::control_record&)>& how) {
    const auto path = std::string(group_path) + "/control";
    const auto* found = the_world().znodes.latest().find(path);
    if (found == nullptr) return;
    auto now = election::decode_control(path, found->data);
    if (!now) return;
    how(*now);
    (void)the_world().znodes.transact(0, {{group::znode_step::kind::set, path, election::encode(*now), -1, {}}});
}

void faults::drain(int place) {
    tell("znodes", "operators want {} to lead nothing", name_of(place));
    set_drained({std::string(name_of(place))});
    present().after(some_time(10, 1500), [this] {
        if (!over_) set_drained({});
    });
}

void faults::set_drained(std::vector<std::string> nodes) {
    change_control([&](election::control_record& now) { now.drained = std::move(nodes); });
}

void faults::retire(int place) {
    tell(name_of(place), "retires");
    present().after({}, fleet_.where(place), [this, place] { fleet_.retire(place); });
    present().after(some_time(5, 600), [this, place] {
        if (fleet_.runs(place)) fleet_.stop(place);
    });
}

void faults::remove_some_znode() {
    const auto some = some_ephemeral();
    if (!some) return;
    tell("znodes", "somebody removes {}", some->path);
    (void)the_world().znodes.transact(0, {removal_of(some->path)});
}

void faults::orphan_some_znode() {
    const auto some = some_ephemeral();
    if (!some) return;
    tell("znodes", "somebody makes {} anew", some->path);
    const group::znode_step copy{group::znode_step::kind::create, some->path, some->data, -1,
                                 group::znode_step::mode::ephemeral};
    (void)the_world().znodes.transact(0, {removal_of(some->path), copy});
}

/// As somebody does who starts it with another configuration. Which database the group's is must be known: the first
/// leader's would be it.
void faults::give_foreign_database(int place) {
    const auto* terms = the_world().znodes.latest().find(std::string(group_path) + "/terms");
    const bool known = terms != nullptr && terms->data.find("\"database\"") != std::string::npos;
    if (!known || fleet_.is_foreign(place) || fleet_.is_elsewhere(place)) return;
    tell(name_of(place), "gets another database");
    fleet_.kill(place);
    fleet_.set_foreign(place, true);
    present().after(some_time(200, 1500), [this, place] { take_foreign_database(place); });
}

/// As somebody does who copies the configuration of another environment, all but the database. Not where a promotion
/// may lose the fence: it alone tells the terms of two ensembles apart, and nobody could know who owns one.
void faults::give_other_ensemble(int place) {
    const bool may_lose_fence = the_world().conditions.happens(fault::database_promoted);
    if (may_lose_fence || fleet_.is_foreign(place) || fleet_.is_elsewhere(place)) return;
    tell(name_of(place), "gets another ensemble");
    fleet_.kill(place);
    fleet_.set_elsewhere(place, true);
    present().after(some_time(200, 1500), [this, place] { take_other_ensemble(place); });
}

void faults::take_other_ensemble(int place) {
    if (!fleet_.is_elsewhere(place)) return;
    tell(name_of(place), "gets the group's ensemble again");
    fleet_.kill(place);
    fleet_.set_elsewhere(place, false);
}

void faults::take_foreign_database(int place) {
    if (!fleet_.is_foreign(place)) return;
    tell(name_of(place), "gets the group's database again");
    fleet_.kill(place);
    fleet_.set_foreign(place, false);
}

void faults::feign_death(int place) {
    auto* its = the_world().links.find(std::string(name_of(place)) + ":7431");
    if (its == nullptr) return;
    tell(name_of(place), "its links are reset, and others refused, though it lives");
    its->feigns_death_until = present().now() + some_time(1, 300);
    the_world().links.reset(place);
}

void faults::mend_everything() {
    over_ = true;
    tell("world", "all is mended");
    auto& world = the_world();
    world.conditions.reply_lost = world.conditions.commit_reply_lost = world.conditions.conflict = 0;
    world.conditions.statement_slow = world.conditions.commit_slow = world.conditions.commit_fails = 0;
    world.conditions.errand_lost = 0;
    world.conditions.evil = false;
    for (int place = 1; place <= fleet_.size(); ++place) {
        take_foreign_database(place);
        take_other_ensemble(place);
        for (int other = 1; other <= fleet_.size(); ++other) world.links.mend(place, other);
        world.links.mend_database(place);
        if (!fleet_.runs(place)) fleet_.start(place);
        if (fleet_.session(place).is_cut()) fleet_.session(place).mend();
    }
    world.database.come_up();
    change_control([](election::control_record& now) { now = {}; });
}

}  // namespace penholder::simulation
