#pragma once

#include "action.hpp"
#include "group_snapshot.hpp"

#include <penholder/error.hpp>
#include <penholder/leadership.hpp>

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace penholder::election {

/// The actions that one event led to, and what was reported before, so that the same is not reported twice.
class outbox {
public:
    explicit outbox(std::string group) { reported_.group = std::move(group); }

    void push(any_action what) { actions_.push_back(std::move(what)); }
    void log(std::string_view event, std::vector<action::log::field> fields);
    /// Logs those that the last reading with warnings did not have: a malformed znode is warned of once.
    void warn(const std::vector<error>& warnings);
    void warn_of_ownerless(const std::vector<ownerless_znode>& found);

    /// The report comes before everything else that the event led to.
    void report(leadership now);
    void report_trouble(std::optional<error> what);
    void report_database(group_database now);
    const leadership& reported() const noexcept { return reported_; }

    actions take() { return std::exchange(actions_, {}); }

private:
    actions actions_;
    leadership reported_;
    std::optional<error> trouble_;
    group_database database_;
    std::vector<error> warnings_;
    std::vector<ownerless_znode> ownerless_;
};

}  // namespace penholder::election
