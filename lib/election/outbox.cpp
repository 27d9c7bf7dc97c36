#include "outbox.hpp"

#include <algorithm>

namespace penholder::election {

void outbox::log(std::string_view event, std::vector<action::log::field> fields) {
    push(action::log{event, std::move(fields)});
}

void outbox::warn(const std::vector<error>& warnings) {
    for (const auto& each : warnings) {
        const bool is_new = std::ranges::find(warnings_, each) == warnings_.end();
        if (is_new) log("malformed_znode", {{"reason", each.message}});
    }
    if (!warnings.empty()) warnings_ = warnings;
}

void outbox::warn_of_ownerless(const std::vector<ownerless_znode>& found) {
    for (const auto& each : found) {
        const bool is_new = std::ranges::find(ownerless_, each) == ownerless_.end();
        if (is_new) log("ownerless_znode", {{"znode", each.path}, {"reason", to_error(each).message}});
    }
    if (!found.empty()) ownerless_ = found;
}

void outbox::report(leadership now) {
    if (now == reported_) return;
    reported_ = std::move(now);
    actions_.insert(actions_.begin(), action::report{reported_});
}

void outbox::report_trouble(std::optional<error> what) {
    if (what == trouble_) return;
    trouble_ = std::move(what);
    push(action::trouble{trouble_});
}

}  // namespace penholder::election
