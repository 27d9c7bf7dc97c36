#include "outbox.hpp"

#include <algorithm>

namespace penholder::election {
namespace {

/// Tells those that the last reading with any did not have.
template <class Finding>
void tell_new(std::vector<Finding>& last, const std::vector<Finding>& found, auto tell) {
    for (const auto& each : found) {
        if (std::ranges::find(last, each) == last.end()) tell(each);
    }
    if (!found.empty()) last = found;
}

}  // namespace

void outbox::log(std::string_view event, std::vector<action::log::field> fields) {
    push(action::log{event, std::move(fields)});
}

void outbox::warn(const std::vector<error>& warnings) {
    tell_new(warnings_, warnings, [this](const error& each) { log("malformed_znode", {{"reason", each.message}}); });
}

void outbox::warn_of_ownerless(const std::vector<ownerless_znode>& found) {
    tell_new(ownerless_, found, [this](const ownerless_znode& each) {
        log("ownerless_znode", {{"znode", each.path}, {"reason", to_error(each).message}});
    });
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

/// It comes before anything that is done to the database.
void outbox::report_database(group_database now) {
    if (now == database_) return;
    database_ = std::move(now);
    actions_.insert(actions_.begin(), action::database_known{database_});
}

}  // namespace penholder::election
