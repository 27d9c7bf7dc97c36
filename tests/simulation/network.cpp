#include "network.hpp"

#include "world.hpp"

#include <algorithm>

namespace penholder::simulation {

using namespace std::chrono_literals;

void network::close(const std::string& endpoint) {
    if (const auto found = listeners_.find(endpoint); found != listeners_.end()) found->second.accepting = false;
}

const listening* network::find(const std::string& endpoint) const {
    const auto found = listeners_.find(endpoint);
    return found == listeners_.end() ? nullptr : &found->second;
}

listening* network::find(const std::string& endpoint) {
    const auto found = listeners_.find(endpoint);
    return found == listeners_.end() ? nullptr : &found->second;
}

network::connection network::establish(location follower, location leader) {
    forget_closed();
    auto made = std::make_shared<established>();
    made->follower.where = follower;
    made->leader.where = leader;
    return connections_.emplace_back(std::move(made));
}

void network::forget_closed() {
    std::erase_if(connections_, [](const auto& each) { return !each->follower.open && !each->leader.open; });
}

void network::send(const connection& over, bool to_leader, std::function<void()> deliver) {
    auto& from = to_leader ? over->follower : over->leader;
    auto& to = to_leader ? over->leader : over->follower;
    if (!from.open) return;
    auto& world = the_world();
    to.last_delivery =
        std::max(to.last_delivery, present().now() + world.chance.between(20us, world.conditions.link_latency));
    present().at(to.last_delivery, {}, task([this, over, to_leader, deliver = std::move(deliver)] {
                     auto& sender = to_leader ? over->follower : over->leader;
                     auto& receiver = to_leader ? over->leader : over->follower;
                     if (!receiver.open) return end_half_open(over);
                     if (!reaches(sender.where.place, receiver.where.place)) {
                         over->stalled.emplace_back(sender.where.place, deliver);
                         return;
                     }
                     present().after({}, receiver.where, [over, to_leader, deliver] {
                         if ((to_leader ? over->leader : over->follower).open) deliver();
                     });
                 }));
}

void network::part(const connection& over, bool by_follower, wire::loss how, const std::string& why) {
    auto& mine = by_follower ? over->follower : over->leader;
    if (!mine.open) return;
    mine.on_lost = nullptr;
    send(over, by_follower,
         [this, over, by_follower, how, why] { lose(by_follower ? over->leader : over->follower, how, why); });
    mine.open = false;
}

void network::lose(link_end& end, wire::loss how, const std::string& why) {
    if (!std::exchange(end.open, false) || !end.on_lost) return;
    present().after({}, end.where, [told = std::exchange(end.on_lost, nullptr), how, why] { told(how, why); });
}

void network::cut(int from, int to) {
    if (!cut_.insert({from, to}).second) return;
    const auto which = ++cuts_[{from, to}];
    present().after(silence + the_world().chance.between(0us, 100'000us), [this, from, to, which] {
        if (!cut_.contains({from, to}) || cuts_[{from, to}] != which) return;
        for (const auto& each : std::vector(connections_)) {
            const int follower = each->follower.where.place;
            const int leader = each->leader.where.place;
            if (follower == from && leader == to) notice_silence(each, 0);
            if (leader == from && follower == to) notice_silence(each, leader);
        }
    });
}

/// Where the leader is not heard, the follower gives up; where the follower is not, its pings bring no answer, and both
/// do.
void network::notice_silence(const connection& over, int quiet) {
    lose(over->follower, wire::loss::silent, "nothing was heard");
    if (quiet != over->leader.where.place) lose(over->leader, wire::loss::silent, "nothing was heard");
    end_half_open(over);
}

void network::mend(int from, int to) {
    cut_.erase({from, to});
    for (const auto& each : std::vector(connections_)) {
        auto waiting = std::exchange(each->stalled, {});
        for (auto& [sender, deliver] : waiting) {
            const bool to_leader = sender == each->follower.where.place;
            if (sender != from || (to_leader ? each->leader : each->follower).where.place != to) {
                each->stalled.emplace_back(sender, std::move(deliver));
                continue;
            }
            send(each, to_leader, std::move(deliver));
        }
    }
}

/// One end is closed, and the other has still to find out: by the answer to what it sends, at the latest to a ping.
void network::end_half_open(const connection& over) {
    present().after(silence / 3, [this, over] {
        if (!over->follower.open && !over->leader.open) return;
        const bool reached = reaches(over->follower.where.place, over->leader.where.place) &&
                             reaches(over->leader.where.place, over->follower.where.place);
        if (!reached) return end_half_open(over);
        lose(over->follower, wire::loss::reset, "connection reset by peer");
        lose(over->leader, wire::loss::reset, "connection reset by peer");
    });
}

/// Sometimes only one end hears of it, and the other stays half open until it notices the silence.
void network::reset(int place) {
    for (const auto& each : std::vector(connections_)) {
        if (each->follower.where.place != place && each->leader.where.place != place) continue;
        lose(each->follower, wire::loss::reset, "connection reset by peer");
        if (!the_world().chance.one_in(3)) lose(each->leader, wire::loss::reset, "connection reset by peer");
        each->stalled.clear();
        end_half_open(each);
    }
}

void network::process_gone(location who) {
    for (const auto& each : std::vector(connections_)) {
        const bool follows = each->follower.where.place == who.place;
        const bool leads = each->leader.where.place == who.place;
        if (!follows && !leads) continue;
        auto& own = follows ? each->follower : each->leader;
        auto& other = follows ? each->leader : each->follower;
        own.open = false;
        own.on_lost = nullptr;
        if (!reaches(who.place, other.where.place)) continue;
        present().after(the_world().chance.between(20us, 500us), [this, each, follows] {
            lose(follows ? each->leader : each->follower, wire::loss::reset, "closed");
        });
    }
}

void network::process_paused(int place, duration how_long) {
    if (how_long < silence) return;
    present().after(silence, [this, place] {
        if (!present().paused(place)) return;
        for (const auto& each : std::vector(connections_)) {
            if (each->leader.where.place == place) lose(each->follower, wire::loss::silent, "nothing was heard");
            if (each->follower.where.place == place) lose(each->leader, wire::loss::silent, "nothing was heard");
            if (each->leader.where.place == place || each->follower.where.place == place) end_half_open(each);
        }
    });
}

void network::mend_database(int place) {
    database_cut_.erase(place);
    for (auto& [where, deliver] : std::exchange(database_stalled_, {}))
        when_database_reaches(where, std::move(deliver));
}

void network::when_database_reaches(int place, std::function<void()> deliver) {
    if (database_reaches(place)) return deliver();
    database_stalled_.emplace_back(place, std::move(deliver));
}

}  // namespace penholder::simulation
