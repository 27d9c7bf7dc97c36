#pragma once

#include "model/ids.hpp"
#include "model/write_answer.hpp"
#include "route.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace penholder {

/// What a router knows of its leader: who leads, since when nobody does, and whether the link to the leader is up and
/// how much it takes. A link counts only for the term that it is of. Every call is legal at any time. Owned by the
/// router.
class leader_route {
public:
    using time_point = std::chrono::steady_clock::time_point;

    leader_route(std::string own_node, time_point now) : node_(std::move(own_node)), leaderless_since_(now) {}

    void leads_here(term its_term);
    void leads_there(term its_term, std::string leader, std::string endpoint);
    void leads_nowhere(time_point now);
    void link_up(term its_term, std::size_t window);
    void link_down() noexcept { link_.reset(); }

    bool is_here() const noexcept { return lead_ == lead::here; }
    bool is_there() const noexcept { return lead_ == lead::there; }
    bool is_nowhere() const noexcept { return lead_ == lead::nowhere; }
    bool reaches_leader() const noexcept { return is_here() || (is_there() && link_ == term_); }
    /// Whether another write may go out while so many are on the link.
    bool has_room(std::size_t on_link) const noexcept { return reaches_leader() && (is_here() || on_link < window_); }

    /// Whether the hint names a leader that is news. Each is so once.
    bool is_news(const leader_hint& hint) noexcept;

    route current() const;
    /// The leader, as others are told of it.
    leader_hint as_hint() const { return {term_, leader_, endpoint_}; }

    /// A sentence for people.
    std::string why_not_sent(time_point now) const;

private:
    enum class lead { nowhere, here, there };

    std::string node_;
    lead lead_ = lead::nowhere;
    term term_;           ///< Of the leader, or of the last one when there is none.
    std::string leader_;  ///< The leader, or the last one.
    std::string endpoint_;
    time_point leaderless_since_;
    std::optional<term> link_;  ///< The term of the link that is up.
    std::size_t window_ = 0;
    term hinted_;  ///< The newest that a hint named.
};

}  // namespace penholder
