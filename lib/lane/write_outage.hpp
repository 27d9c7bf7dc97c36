#pragma once

#include "purpose.hpp"
#include "trouble.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace penholder::lane {

/// Since when writes fail for a reason that is not theirs, such as a right that was taken from the nodes' role or a
/// full disk, though the database can be reached. Each of our commands can fail alone, and then concerns some writes
/// only: what others do without it proves nothing. It is over with the next transaction that commits with that command
/// in it, or when none has failed so for a while: then nobody knows. Pure; owned by the intake.
class write_outage {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// True where that is news.
    bool failed(const trouble& why, time_point now) {
        auto& one = by_step_[why.step];
        const bool is_new = !one.is_known_at(now) || one.why != why.message;
        if (!one.is_known_at(now)) one.since = now;
        one.last = now;
        one.why = why.message;
        return is_new;
    }
    void over(purposes worked) {
        std::erase_if(by_step_, [&](const auto& each) { return worked.have(each.first); });
    }

    /// Why, where it has lasted for some seconds: of several, that which has lasted longest.
    std::optional<std::string> told(time_point now) const {
        const failing* first = nullptr;
        for (const auto& [step, one] : by_step_) {
            const bool lasts = one.is_known_at(now) && now - one.since >= tolerated;
            if (lasts && (first == nullptr || one.since < first->since)) first = &one;
        }
        return first == nullptr ? std::nullopt : std::optional(first->why);
    }

    static constexpr std::chrono::seconds tolerated{2};
    static constexpr std::chrono::seconds remembered{10};

private:
    struct failing {
        time_point since{};
        time_point last{};
        std::string why = {};  ///< Empty before it has failed.

        bool is_known_at(time_point now) const { return !why.empty() && now - last < remembered; }
    };

    std::map<purpose, failing> by_step_;
};

}  // namespace penholder::lane
