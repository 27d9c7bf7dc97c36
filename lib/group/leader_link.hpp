#pragma once

#include "action.hpp"
#include "failure_detector.hpp"
#include "instant.hpp"
#include "link_target.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace penholder::group {

/// The leader answers on the link.
struct leader_linked {
    link_id link;
    link_target leader;
    std::size_t window = 0;
    bool was_awaited = false;  ///< It was elected when the link was opened, and its welcome says that it serves now.
};

/// The link was up and is no more: whatever was sent on it and not answered is in doubt.
struct leader_unlinked {
    bool broke = false;  ///< By itself; else this node closed it.
};

/// The signs at the link prove that the leader's process is gone. The same proof may come again and again.
struct leader_dead {
    election::process_death proof;
};

using link_action = std::variant<action::open_link, action::hurry_link, action::close_link, action::log, leader_linked,
                                 leader_unlinked, leader_dead>;
using link_actions = std::vector<link_action>;

/// Supervises the link to whoever leads: decides when it is opened, to which life of which leader, and when it is
/// closed, what its losses prove, and what keeps it down. At most one link is open. A leader that was elected and does
/// not serve yet is *awaited*: the link knocks at its address and is welcomed once it serves. Every call is legal at
/// any time; events of a link that is closed already say nothing. Owned by the group's machine.
class leader_link {
public:
    /// `patience`: for how long another life may answer at the leader's address before that one is linked to.
    leader_link(std::string group, std::string node, std::chrono::milliseconds patience);

    /// That node leads and serves.
    link_actions follow(const link_target& leader);
    /// That node was elected.
    link_actions await(const link_target& leader);
    /// Nobody else is known to lead. A link that is open stays, since its leader may well come back.
    void expect_nobody() noexcept { awaited_ = false; }
    link_actions close();
    /// Something waits for the leader: a link that is down and was left to itself for others' sake is to be tried.
    link_actions hurry();

    link_actions up(link_id which, incarnation life, std::size_t window);
    link_actions lost(link_id which, const wire::link_loss& how, time_point now);

    bool is_up() const noexcept { return up_; }
    /// Why the link is down; nothing where it is up or not wanted.
    const std::optional<error>& trouble() const noexcept { return trouble_; }

private:
    link_actions link_to(const link_target& leader);
    void open(const link_target& leader, link_actions& out);
    void close(link_actions& out);
    void replaced(time_point now, link_actions& out);
    action::log describe(const wire::link_loss& how) const;

    std::string group_;
    std::string node_;
    std::chrono::milliseconds patience_;
    link_id link_;                       ///< The last one that was opened.
    std::optional<link_target> target_;  ///< Set while a link is open.
    std::optional<failure_detector> failures_;
    std::optional<time_point> replaced_since_;  ///< Since then another life than the link's answers.
    std::optional<error> trouble_;
    bool awaited_ = false;
    bool up_ = false;
    bool hurried_ = false;  ///< Since it was up last.
};

}  // namespace penholder::group
