#include "follower_watch.hpp"

#include "base/backoff.hpp"

#include <algorithm>

namespace penholder::group {
namespace {

/// A node with another database than the group's takes no part, and links to nobody.
bool shares_database(const member& one, const member* self) {
    return self == nullptr || self->database.empty() || one.database.empty() || one.database == self->database;
}

}  // namespace

follower_watch::follower_watch(const member& self, std::string group, duration patience)
    : node_(self.node), endpoint_(self.endpoint), group_(std::move(group)), patience_(patience) {}

watch_actions follower_watch::serves(bool does, time_point now) {
    watch_actions out;
    if (does == serves_since_.has_value()) return out;
    serves_since_ = does ? std::optional(now) : std::nullopt;
    look(out);
    return out;
}

watch_actions follower_watch::enrolled(const std::vector<member>& all, time_point now) {
    watch_actions out;
    const auto self = std::ranges::find(all, node_, &member::node);
    auto before = std::exchange(others_, {});
    for (const auto& each : all) {
        if (each.node == node_ || !shares_database(each, self == all.end() ? nullptr : &*self)) continue;
        const std::pair key(each.node, each.incarnation);
        const auto known = before.find(key);
        others_.emplace(key, known == before.end() ? now : known->second);
    }
    look(out);
    return out;
}

/// Whoever links proves it, whether or not this node leads at that moment.
watch_actions follower_watch::linked(std::size_t links, time_point now) {
    watch_actions out;
    if ((links == 0) == unlinked_since_.has_value()) return out;
    unlinked_since_ = links == 0 ? std::optional(now) : std::nullopt;
    if (links > 0) out.emplace_back(election::any_event(election::event::reached{}));
    look(out);
    return out;
}

watch_actions follower_watch::time_passed(time_point now) {
    watch_actions out;
    const auto due = next_deadline();
    if (!due || now < *due) return out;
    if (!trouble_) {
        trouble_ = error{errc::link_lost,
                         "nobody has linked to node " + node_ + " at " + endpoint_ + " for " +
                             std::to_string(patience_.count()) + " ms, though it leads group " + group_ + " and " +
                             others() + " ought to follow it: see that [link] advertise names an address that they " +
                             "reach, and that no firewall closes it"};
        out.emplace_back(
            action::log{true,
                        "leader_unreached",
                        {{"group", group_}, {"node", node_}, {"endpoint", endpoint_}, {"reason", trouble_->message}}});
    }
    tells_next_ = now + doubled(patience_, longest_pause, told_++);
    out.emplace_back(election::any_event(election::event::unreached{}));
    return out;
}

/// While there is trouble, the next time that the elector is told.
std::optional<time_point> follower_watch::next_deadline() const {
    return trouble_ ? tells_next_ : patience_ends();
}

std::optional<time_point> follower_watch::patience_ends() const {
    if (!serves_since_ || !unlinked_since_ || others_.empty()) return std::nullopt;
    const auto first = std::ranges::min_element(others_, {}, [](const auto& each) { return each.second; })->second;
    return std::max({*serves_since_, *unlinked_since_, first}) + patience_;
}

/// Ends the trouble where its reason is gone.
void follower_watch::look(watch_actions& out) {
    if (!trouble_ || patience_ends()) return;
    trouble_.reset();
    told_ = 0;
    if (!serves_since_ || unlinked_since_) return;
    out.emplace_back(
        action::log{false, "leader_reached", {{"group", group_}, {"node", node_}, {"endpoint", endpoint_}}});
}

std::string follower_watch::others() const {
    std::string all;
    for (const auto& [key, since] : others_) all += (all.empty() ? "" : ", ") + key.first;
    return all;
}

}  // namespace penholder::group
