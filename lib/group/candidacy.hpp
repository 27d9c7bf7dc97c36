#pragma once

#include "action.hpp"
#include "election/elector.hpp"
#include "election/paths.hpp"
#include "event.hpp"
#include "instant.hpp"
#include "model/ids.hpp"

#include <penholder/error.hpp>
#include <penholder/leadership.hpp>
#include <penholder/status.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace penholder::group {

/// Who stands in which group, and how.
struct candidacy_options {
    std::string root = "/penholder";
    std::string group;
    member self;  ///< As it enrolls.
    incarnation life;
    std::chrono::milliseconds session_timeout{10000};
    int priority = 0;
    bool has_database = true;       ///< Without one the node is eligible from the start.
    std::size_t max_evictions = 0;  ///< Of leaders proven dead, until none happened for `evictions_within`.
    std::chrono::milliseconds evictions_within{60000};
};

/// The leadership as this node sees it.
struct leadership_changed {
    leadership now;
};
/// This node was elected: the fence is to be raised.
struct elected {
    penholder::term term;
};
/// The leadership is about to be given up: what is in flight is to be finished.
struct drain_wanted {
    penholder::term term;
};
/// A resignation or handover cannot be done.
struct handover_refused {
    error why;
};
/// The node has left the group; nothing more is asked.
struct election_left {};

using candidacy_action = std::variant<action::read_group, action::create_znodes, action::watch_znode,
                                      action::change_znodes, action::expect_database, action::log, leadership_changed,
                                      elected, drain_wanted, handover_refused, election_left>;
using candidacy_actions = std::vector<candidacy_action>;

/// This node's part in the election of its group: the elector, its timers, and its questions in terms of znodes. Events
/// are legal at any time; nothing is asked after `election_left`. An event must not be told from within the carrying
/// out of the actions of another: their order is the order in which things are so. Owned by the group's machine.
class candidacy {
public:
    explicit candidacy(candidacy_options options);

    candidacy_actions on(const election::any_event& what, const instant& now);
    candidacy_actions znode_changed(const event::znode_changed& what, const instant& now);
    candidacy_actions time_passed(const instant& now);
    std::optional<time_point> next_deadline() const;

    const leadership& current() const noexcept { return elector_.current(); }
    const election::control_record& control() const noexcept { return elector_.control(); }
    /// Its part of what status shows.
    void tell(group_status& of) const;
    const std::optional<error>& trouble() const noexcept { return trouble_; }
    bool takes_part() const noexcept { return elector_.takes_part(); }
    /// As `elector::is_next`.
    bool is_next() const { return elector_.is_next(); }
    bool puts_off_news() const { return elector_.puts_off_news(); }
    /// As `elector::patience`.
    std::chrono::milliseconds patience() const { return elector_.patience(); }

private:
    struct armed {
        time_point due{};
        election::ticket ticket = 0;
    };

    candidacy_actions translate(election::actions todo, const instant& now);
    void translate(const election::action::read& asked, candidacy_actions& out);
    void translate(const election::action::create_parents& asked, candidacy_actions& out);
    void translate(const election::action::enroll& asked, candidacy_actions& out);
    void translate(const election::action::create_candidate& asked, candidacy_actions& out);
    void translate(const election::action::set_candidate& asked, candidacy_actions& out);
    void translate(const election::action::remove_candidate& asked, candidacy_actions& out);
    void translate(const election::action::watch_candidate& asked, candidacy_actions& out);
    void translate(const election::action::lead& asked, candidacy_actions& out);
    void translate(const election::action::declare_serving& asked, candidacy_actions& out);
    void translate(const election::action::give_up& asked, candidacy_actions& out);
    void translate(const election::action::set_control& asked, candidacy_actions& out);
    void translate(const election::action::withdraw& asked, candidacy_actions& out);
    void translate(const election::action::report& what, candidacy_actions& out);
    void translate(const election::action::raise_fence& what, candidacy_actions& out);
    void translate(const election::action::drain& what, candidacy_actions& out);
    void translate(const election::action::refuse& what, candidacy_actions& out);
    void translate(const election::action::database_known& what, candidacy_actions& out);
    void translate(const election::action::trouble& what, candidacy_actions& out);
    void translate(const election::action::log& what, candidacy_actions& out);
    void translate(const election::action::arm& what, candidacy_actions& out);
    void translate(const election::action::stopped& what, candidacy_actions& out);

    std::vector<znode_step> removal(const election::action::removal& leader) const;
    action::log line(std::string_view event, std::vector<action::log::field> fields) const;

    candidacy_options options_;
    election::group_paths paths_;
    election::elector elector_;
    std::array<std::optional<armed>, election::timers> timers_;
    std::int64_t session_ = 0;
    instant now_;  ///< Of the event that is told.
    std::string elected_since_;
    std::optional<error> trouble_;
};

}  // namespace penholder::group
