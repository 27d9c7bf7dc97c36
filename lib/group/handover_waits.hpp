#pragma once

#include "action.hpp"
#include "election/records.hpp"
#include "instant.hpp"

#include <penholder/error.hpp>
#include <penholder/leadership.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace penholder::group {

/// Callers who wait until the leader of a term is followed by another that serves: decides when a handover that was
/// asked for is over, or refused, or takes longer than its caller wants to wait. Each caller is answered once. Every
/// call is legal at any time; a ticket that does not wait any more says nothing. Owned by the group's machine.
class handover_waits {
public:
    using answers = std::vector<action::answer_handover>;

    explicit handover_waits(std::string group) : group_(std::move(group)) {}

    /// The term is not known yet.
    void wait(ticket from, time_point until);
    /// The leader of `from_term` was asked to hand over, or nobody could be.
    answers requested(ticket from, const result<term>& from_term);

    /// What the ensemble shows now.
    answers review(const leadership& now, const std::optional<election::handover_request>& request);
    /// All that wait are told.
    answers refuse(const error& why);

    bool are_any() const noexcept { return !all_.empty(); }
    answers time_passed(time_point now);
    std::optional<time_point> next_deadline() const;

private:
    struct waiting {
        ticket from;
        time_point deadline{};
        std::optional<term> from_term;
        bool request_seen = false;  ///< When it goes and the leader stays, it was refused.
    };

    std::optional<result<leadership>> outcome(waiting& one, const leadership& now,
                                              const std::optional<election::handover_request>& request) const;

    std::string group_;
    std::vector<waiting> all_;
};

}  // namespace penholder::group
