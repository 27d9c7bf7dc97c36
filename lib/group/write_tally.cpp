#include "write_tally.hpp"

#include <string_view>
#include <utility>

namespace penholder::group {
namespace {

std::string_view event_of(outcome how) noexcept {
    return how == outcome::rejected ? "write_rejected" : "write_unknown";
}

}  // namespace

std::optional<action::log> write_tally::answered(const receipt& what, time_point now) {
    count(what);
    if (what.outcome == outcome::committed || !what.why) return std::nullopt;
    return line(what, now);
}

action::log write_tally::forgotten(const receipt& what, const std::string& by) const {
    const auto why = what.why ? what.why->message : std::string();
    return {false,
            "key_forgotten",
            {{"group", group_}, {"node", node_}, {"write_id", what.write_id}, {"by", by}, {"reason", why}}};
}

void write_tally::count(const receipt& what) {
    switch (what.outcome) {
        case outcome::committed: ++counters_.committed; break;
        case outcome::rejected: ++counters_.rejected; break;
        case outcome::unknown: ++counters_.unknown; break;
    }
    if (what.replayed) ++counters_.replayed;
    if (what.why && what.why->code == errc::overloaded) ++counters_.overloaded;
}

std::optional<action::log> write_tally::line(const receipt& what, time_point now) {
    action::log made{false,
                     event_of(what.outcome),
                     {{"group", group_},
                      {"node", node_},
                      {"write_id", what.write_id},
                      {"code", std::string(to_string(what.why->code))}}};
    if (what.term != 0) made.fields.emplace(made.fields.begin() + 2, "term", std::to_string(what.term));
    if (what.why->code == errc::overloaded) {
        const auto kept_back = overload_lines_.pass(now);
        if (!kept_back) return std::nullopt;
        made.fields.emplace_back("kept_back", std::to_string(*kept_back));
    }
    if (!what.why->sqlstate.empty()) made.fields.emplace_back("sqlstate", what.why->sqlstate);
    made.fields.emplace_back("reason", what.why->message);
    return made;
}

}  // namespace penholder::group
