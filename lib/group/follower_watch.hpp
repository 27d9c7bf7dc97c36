#pragma once

#include "action.hpp"
#include "election/event.hpp"
#include "instant.hpp"

#include <penholder/error.hpp>
#include <penholder/status.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace penholder::group {

using watch_action = std::variant<action::log, election::any_event>;
using watch_actions = std::vector<watch_action>;

/// Whether a leader is reached by those who ought to follow it. Every node of a group links to the leader as soon as it
/// knows of it, whether it has writes or not. A leader to which nobody has linked for a while, although others are
/// enrolled, is not reached: its address is wrong, or something closes it. One link is proof that it can be. The log
/// tells it once, and the elector, which knows who else could lead, is told again after growing pauses. Every call is
/// legal at any time. Owned by the group's machine.
class follower_watch {
public:
    using duration = std::chrono::milliseconds;

    static constexpr duration longest_pause{60'000};  ///< Between two times that the elector is told.

    /// `patience`: so long nobody links to a leader that is not reached; longer than a dead follower's session lives.
    follower_watch(const member& self, std::string group, duration patience);

    /// Whether this node serves as leader, and the ensemble says so too.
    watch_actions serves(bool does, time_point now);
    /// Who is enrolled, this node too.
    watch_actions enrolled(const std::vector<member>& all, time_point now);
    /// How many links of others to this node are up.
    watch_actions linked(std::size_t links, time_point now);

    watch_actions time_passed(time_point now);
    std::optional<time_point> next_deadline() const;

    /// That nobody reaches this leader; nothing where that is not so, or is not known yet.
    const std::optional<error>& trouble() const noexcept { return trouble_; }

private:
    std::optional<time_point> patience_ends() const;
    void look(watch_actions& out);
    std::string others() const;

    std::string node_;
    std::string endpoint_;
    std::string group_;
    duration patience_;
    std::optional<time_point> serves_since_;
    std::optional<time_point> unlinked_since_ = time_point::min();  ///< None while somebody is linked.
    /// Others that ought to link, by name and incarnation, and since when they are enrolled.
    std::map<std::pair<std::string, std::string>, time_point> others_;
    std::optional<error> trouble_;
    time_point tells_next_{};  ///< The elector, while there is trouble.
    int told_ = 0;             ///< How often, of this trouble.
};

}  // namespace penholder::group
