#include "candidate_survey.hpp"

#include "paths.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace penholder::election {
namespace {

/// So many are all read: the time that each leaves to those ahead of it counts only those that could lead.
constexpr std::size_t few = 8;

bool names_heir(const control_record& wanted) {
    return wanted.handover && !wanted.handover->to.empty() && wanted.handover->to != next_in_succession;
}

/// The last of the own ones, since others may be no session's; nothing without one.
std::optional<contender> own_place(const std::vector<std::string>& names, std::string_view own) {
    std::optional<contender> last;
    for (const auto& each : names) {
        const auto name = each.starts_with(own) ? parse_candidate_name(each) : std::nullopt;
        if (!name) continue;
        contender one{each, {}, name->priority, name->sequence, true};
        if (!last || precedes(*last, one)) last = std::move(one);
    }
    return last;
}

}  // namespace

candidate_survey::candidate_survey(const std::vector<std::string>& names, std::int64_t session,
                                   const group_snapshot& seen)
    : own_(candidate_prefix(session)) {
    const auto leaders = seen.leader ? candidate_prefix(seen.leader->owner) : own_;
    // A request may name anybody, and whoever leads may hand over to anybody.
    const bool everybody = names.size() <= few || seen.leader_owned_by(session) || names_heir(seen.control);
    const auto place = own_place(names, own_);
    for (const auto& each : names) {
        const auto name = parse_candidate_name(each);
        if (everybody || !name || each.starts_with(own_) || each.starts_with(leaders)) {
            wanted_.push_back(each);
            continue;
        }
        const contender one{each, {}, name->priority, name->sequence, true};
        (place && precedes(one, *place) ? ahead_ : unread_).push_back(one);
    }
    std::ranges::sort(ahead_, [](const contender& a, const contender& b) { return precedes(a, b); });
    if (ahead_.size() > few) return;
    for (const auto& each : std::exchange(ahead_, {})) wanted_.push_back(each.znode);
}

/// One after the other would take long where many cannot lead: twice as many each time.
std::vector<std::string> candidate_survey::next() {
    auto names = std::exchange(wanted_, {});
    for (std::size_t i = 0; i < batch_ && !enough_ && !ahead_.empty(); ++i) {
        asked_.push_back(ahead_.back().znode);
        names.push_back(asked_.back());
        ahead_.pop_back();
    }
    batch_ *= 2;
    return names;
}

void candidate_survey::read(std::string_view name, const candidate_record& record, bool owned) {
    const bool could_lead = record.eligible && !record.unreached && owned;
    enough_ = enough_ || (could_lead && std::ranges::find(asked_, name) != asked_.end());
    if (!record.unreached || !name.starts_with(own_)) return;
    for (auto* list : {&ahead_, &unread_}) {
        for (const auto& each : std::exchange(*list, {})) wanted_.push_back(each.znode);
    }
}

void candidate_survey::complete(group_snapshot& seen) const {
    for (const auto* list : {&ahead_, &unread_}) {
        for (const auto& each : *list) seen.candidates.push_back({each.znode, {"", each.priority, true}, 0});
    }
}

}  // namespace penholder::election
