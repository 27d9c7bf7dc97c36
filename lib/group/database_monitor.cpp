#include "database_monitor.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace penholder::group {

monitor_actions database_monitor::start() {
    assert(phase_ == phase::stopped);
    return probe();
}

void database_monitor::stop() {
    phase_ = phase::stopped;
    outage_ends_.reset();
}

monitor_actions database_monitor::probe() {
    phase_ = phase::probing;
    return {action::probe{}};
}

monitor_actions database_monitor::probed(const result<fence_record>& seen, time_point now,
                                         std::chrono::milliseconds patience) {
    if (phase_ != phase::probing) return {};
    phase_ = phase::resting;
    rests_until_ = now + probe_every + 5 * patience;
    monitor_actions out;
    const bool is_first = !std::exchange(looked_, true);
    if (seen || is_first) out.push_back(database_identified{seen ? seen->database : std::string()});
    if (seen) out.push_back(fence_seen{seen->term});
    if (!lane_is_open_) found(seen.has_value(), seen ? std::nullopt : std::optional(seen.error()), out);
    return out;
}

void database_monitor::found(bool reachable, std::optional<error> why, monitor_actions& out) {
    if (why && (!trouble_ || *trouble_ != *why)) {
        out.push_back(action::log{true,
                                  "database_unusable",
                                  {{"group", group_},
                                   {"node", node_},
                                   {"code", std::string(to_string(why->code))},
                                   {"reason", why->message}}});
    }
    trouble_ = std::move(why);
    if (std::exchange(reachable_, reachable) != reachable) out.push_back(eligibility_changed{reachable});
}

monitor_actions database_monitor::lane_opened() {
    monitor_actions out;
    lane_is_open_ = true;
    outage_ends_.reset();
    found(true, std::nullopt, out);
    return out;
}

void database_monitor::lane_lost(error why, time_point now) {
    trouble_ = std::move(why);
    if (lane_is_open_ && !outage_ends_) outage_ends_ = now + outage_tolerated;
}

monitor_actions database_monitor::lane_closed() {
    lane_is_open_ = false;
    outage_ends_.reset();
    return phase_ == phase::resting ? probe() : monitor_actions{};
}

monitor_actions database_monitor::time_passed(time_point now) {
    monitor_actions out;
    if (outage_ends_ && now >= *outage_ends_) {
        outage_ends_.reset();
        if (std::exchange(lane_is_open_, false)) found(false, trouble_, out);
    }
    if (phase_ == phase::resting && now >= rests_until_) {
        auto more = probe();
        out.insert(out.end(), more.begin(), more.end());
    }
    return out;
}

std::optional<time_point> database_monitor::next_deadline() const {
    if (phase_ != phase::resting) return outage_ends_;
    return outage_ends_ ? std::min(*outage_ends_, rests_until_) : rests_until_;
}

}  // namespace penholder::group
