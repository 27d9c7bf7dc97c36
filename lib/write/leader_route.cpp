#include "leader_route.hpp"

#include <algorithm>
#include <utility>

namespace penholder {

void leader_route::leads_here(term its_term) {
    lead_ = lead::here;
    term_ = its_term;
    leader_ = node_;
    endpoint_.clear();
}

void leader_route::leads_there(term its_term, std::string leader, std::string endpoint) {
    lead_ = lead::there;
    term_ = its_term;
    leader_ = std::move(leader);
    endpoint_ = std::move(endpoint);
}

void leader_route::leads_nowhere(time_point now) {
    if (!is_nowhere()) leaderless_since_ = now;
    lead_ = lead::nowhere;
}

void leader_route::link_up(term its_term, std::size_t window) {
    link_ = its_term;
    window_ = std::max<std::size_t>(window, 1);
}

bool leader_route::is_news(const leader_hint& hint) noexcept {
    const bool newer = hint.term > term_ || (is_nowhere() && hint.term == term_);
    if (hint.term <= hinted_ || !newer) return false;
    hinted_ = hint.term;
    return true;
}

route leader_route::current() const {
    switch (lead_) {
        case lead::here: return route_here{term_};
        case lead::there: return route_there{term_, leader_, endpoint_, link_ == term_};
        case lead::nowhere: break;
    }
    return route_nowhere{leader_};
}

std::string leader_route::why_not_sent(time_point now) const {
    if (is_here()) return "node '" + leader_ + "' leads, but its lane took no writes before the deadline";
    if (is_there()) {
        return "'" + leader_ + "' leads with term " + std::to_string(term_.value) + " at " + endpoint_ +
               ", but could not be given the write before the deadline";
    }
    const auto for_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now - leaderless_since_).count();
    std::string text = "nobody has led for " + std::to_string(for_ms) + " ms";
    if (!leader_.empty()) text += "; '" + leader_ + "' led last, with term " + std::to_string(term_.value);
    return text + "; the write was not sent and may be submitted again";
}

}  // namespace penholder
