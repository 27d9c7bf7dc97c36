#include "fleet.hpp"

#include "election/group_snapshot.hpp"
#include "election/succession.hpp"
#include "world.hpp"
#include "write/receipts.hpp"

#include <algorithm>

namespace penholder::simulation {
namespace {

using namespace std::chrono_literals;

std::string endpoint_of(int place) {
    return std::string(name_of(place)) + ":7431";
}

link_options link_settings() {
    link_options settings;
    settings.listen = settings.advertise = "-";
    settings.max_in_flight = the_world().conditions.window;
    settings.silence_timeout_ms = static_cast<int>(silence.count());
    return settings;
}

}  // namespace

fleet::fleet() : nodes_(static_cast<std::size_t>(the_world().conditions.nodes)) {
    auto& chance = the_world().chance;
    for (int place = 1; place <= size(); ++place) {
        node(place).priority = chance.below(the_world().conditions.priorities);
        the_world().time.set_clock(place, chance.between(0us, 100'000'000us), chance.between(-20'000, 20'000));
    }
    const auto show_members = [this] {
        for (auto& each : nodes_) {
            if (each.session) each.session->show_members();
        }
    };
    the_world().znodes.on_members = the_world().elsewhere.on_members = show_members;
}

fleet::~fleet() {
    the_world().znodes.on_members = the_world().elsewhere.on_members = nullptr;
    for (int place = 1; place <= size(); ++place) the_world().time.end_life(place);
    nodes_.clear();
}

group_options fleet::settings(int place) const {
    const auto& conditions = the_world().conditions;
    group_options settings;
    settings.name = "g";
    settings.database = std::string(node(place).foreign ? foreign_database : groups_database);
    settings.priority = node(place).priority;
    settings.batch_max_writes = conditions.batch_max;
    settings.queue_max_writes = conditions.queue_max;
    settings.pending_max_writes = conditions.pending_max;
    settings.takeover = conditions.process_deaths ? "on_process_death" : "on_session_expiry";
    settings.takeover_max_evictions = conditions.most_evictions;
    settings.sessions_max = conditions.sessions_max;
    settings.max_receipt_bytes = receipt_bytes_max;
    settings.fence_wait_ms = 300;
    settings.connect_timeout_ms = 300;
    return settings;
}

void fleet::start(int place) {
    auto& its = node(place);
    its.where = the_world().time.begin_life(place);
    its.life = {the_world().chance.next()};
    its.stopping = false;
    its.session =
        std::make_shared<simulation::session>(its.where, its.elsewhere ? the_world().elsewhere : the_world().znodes);
    origins_[make_origin(name_of(place), its.life)] = place;
    the_world().observed.process_began(place);
    tell(name_of(place), "starts");
    present().after({}, its.where, [this, place] { run(place); });
}

void fleet::run(int place) {
    auto& its = node(place);
    group::machine_options options;
    options.self.node = std::string(name_of(place));
    options.self.incarnation = its.life.text();
    options.self.endpoint = endpoint_of(place);
    options.self.role_wanted = "candidate";
    options.self.version = "simulated";
    options.self.started_at = "now";
    options.self.binding = endpoint_of(place);
    options.life = its.life;
    options.session_timeout = std::chrono::milliseconds(the_world().conditions.session_timeout_ms);
    options.group = settings(place);
    options.link = link_settings();
    its.serves = std::make_shared<node_shell>(its.where, std::move(options), its.session);
    its.serves->on_leadership = [place, life = its.where.life](const leadership& now) {
        tell(name_of(place), "is {} in term {}; leader {}{}", to_string(now.role), now.term,
             now.leader.empty() ? "unknown" : now.leader, now.leader_serving ? ", serving" : "");
        the_world().observed.reported(place, life, now);
    };
    the_world().links.listen(endpoint_of(place),
                             {its.where, its.life, std::string(name_of(place)), its.serves.get(), true});
    its.serves->start();
    its.session->open();
}

void fleet::kill(int place) {
    auto& its = node(place);
    if (!its.session) return;
    tell(name_of(place), "is gone");
    its.session->process_gone();
    the_world().time.end_life(place);
    the_world().links.process_gone(its.where);
    the_world().database.process_gone(place);
    its.serves.reset();
    its.session.reset();
    if (on_gone) on_gone(place);
}

void fleet::set_foreign(int place, bool foreign) {
    node(place).foreign = foreign;
    the_world().observed.has_database(place, foreign);
}

void fleet::set_elsewhere(int place, bool elsewhere) {
    node(place).elsewhere = elsewhere;
    if (elsewhere) the_world().observed.has_other_ensemble();
}

void fleet::stop(int place) {
    tell(name_of(place), "stops in order");
    present().after({}, node(place).where, [this, place] {
        auto& its = node(place);
        if (!its.serves || std::exchange(its.stopping, true)) return;
        its.serves->stop([this, place, where = its.where] {
            the_world().links.close(endpoint_of(place));
            node(place).session->close([this, place, where] {
                present().after({}, [this, place, where] {
                    if (the_world().time.alive(where)) kill(place);
                });
            });
        });
    });
}

void fleet::pause(int place, duration how_long) {
    auto& world = the_world();
    world.time.pause(place, present().now() + how_long);
    world.links.process_paused(place, how_long);
    const auto session = node(place).session;
    if (!session) return;
    session->process_paused();
    present().after(how_long, [session] { session->process_resumed(); });
}

std::vector<int> fleet::running() const {
    std::vector<int> places;
    for (int place = 1; place <= size(); ++place) {
        if (node(place).serves && !node(place).stopping) places.push_back(place);
    }
    return places;
}

int fleet::place_of_origin(const std::string& origin) const {
    const auto found = origins_.find(origin);
    return found == origins_.end() ? 0 : found->second;
}

std::optional<int> fleet::leader() const {
    for (const auto place : running()) {
        if (node(place).serves->current().is_leader()) return place;
    }
    return std::nullopt;
}

/// All nodes know the leader, and are linked to it.
bool fleet::leader_serves() const {
    return !unsettled();
}

std::vector<int> fleet::successors() const {
    const auto& now = the_world().znodes.latest();
    const auto candidates = fmt::format("{}/candidates", group_path);
    election::group_snapshot seen;
    for (const auto& name : now.children(candidates)) {
        const auto* found = now.find(fmt::format("{}/{}", candidates, name));
        if (auto record = election::decode_candidate(found->path, found->data)) {
            seen.found_candidate(found->path, {name, std::move(*record), found->version}, found->owner);
        }
    }
    const auto leads = leader();
    std::vector<int> places;
    for (const auto& each :
         election::in_succession(seen.contenders(leads ? name_of(*leads) : std::string_view()), {})) {
        for (int place = 1; place <= size(); ++place) {
            if (each.node == name_of(place)) places.push_back(place);
        }
    }
    return places;
}

/// As a node does once it is stopping.
void fleet::submit(int place, write what, std::function<void(const receipt&)> done) {
    if (node(place).stopping) return done(rejected_receipt(what.id(), errc::shutting_down, "the node is stopping"));
    node(place).serves->submit(std::move(what), std::move(done));
}

void fleet::find(int place, const std::string& id, std::function<void(const result<std::optional<receipt>>&)> done) {
    if (!node(place).stopping) node(place).serves->find(id, std::move(done));
}

void fleet::check_pending(int place) const {
    const auto pending = node(place).serves->status().pending_writes;
    if (pending > the_world().conditions.pending_max) {
        the_world().observed.violated(
            fmt::format("no queue is over its bound: {} holds {} pending writes, at most {} are allowed",
                        name_of(place), pending, the_world().conditions.pending_max));
    }
}

void fleet::resign(int place) {
    if (!node(place).stopping) node(place).serves->resign(1s);
}

void fleet::retire(int place) {
    if (!node(place).stopping) node(place).serves->retire();
}

std::optional<std::string> fleet::unsettled() const {
    const auto serving = leader();
    if (!serving) return "nobody leads";
    const auto now = node(*serving).serves->status().now;
    if (now.role != role::serving)
        return fmt::format("{} leads, but its ensemble does not confirm it", name_of(*serving));
    const auto& fence = the_world().database.committed().fence;
    if (fence.term.value != now.term)
        return fmt::format("the fence stands at {}, the leader's term is {}", fence.term.value, now.term);
    for (int place = 1; place <= size(); ++place) {
        if (auto missing = unsettled(place, now)) return missing;
    }
    return std::nullopt;
}

std::optional<std::string> fleet::unsettled(int place, const leadership& leader) const {
    const auto name = name_of(place);
    if (!node(place).serves) return fmt::format("{} does not run", name);
    const auto status = node(place).serves->status();
    const bool leads = leader.leader == name;
    if (status.now.leader != leader.leader || status.now.term != leader.term) {
        return fmt::format("{} follows '{}' in term {}, and {} leads term {}", name, status.now.leader, status.now.term,
                           leader.leader, leader.term);
    }
    if (!leads && status.now.role != role::follower) return fmt::format("{} is {}", name, to_string(status.now.role));
    if (!status.link_connected) return fmt::format("{} has no link to the leader", name);
    if (status.pending_writes > 0) return fmt::format("{} has {} pending writes", name, status.pending_writes);
    if (status.queued_writes > 0) return fmt::format("{} has {} queued writes", name, status.queued_writes);
    if (leads && !status.database_connected) return fmt::format("{} has lost its database", name);
    if (!status.eligible) return fmt::format("{} is not eligible", name);
    return std::nullopt;
}

}  // namespace penholder::simulation
