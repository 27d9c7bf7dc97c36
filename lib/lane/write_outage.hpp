#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace penholder::lane {

/// Since when writes fail for a reason that is not theirs, such as a right that was taken from the nodes' role or a
/// full disk, though the database can be reached. It is over with the next write that is decided, or when none has
/// failed so for a while: then nobody knows. Pure; owned by the intake.
class write_outage {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// True where that is news.
    bool failed(const std::string& why, time_point now) {
        const bool is_new = !is_known_at(now);
        if (is_new) since_ = now;
        last_ = now;
        return std::exchange(why_, why) != why || is_new;
    }
    void over() { since_.reset(); }

    /// Why, where it has lasted for some seconds.
    std::optional<std::string> told(time_point now) const {
        const bool lasts = is_known_at(now) && now - *since_ >= tolerated;
        return lasts ? std::optional(why_) : std::nullopt;
    }

    static constexpr std::chrono::seconds tolerated{2};
    static constexpr std::chrono::seconds remembered{10};

private:
    bool is_known_at(time_point now) const { return since_ && now - last_ < remembered; }

    std::optional<time_point> since_;
    time_point last_{};
    std::string why_;
};

}  // namespace penholder::lane
