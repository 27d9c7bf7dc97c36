#pragma once

#include "candidacy.hpp"
#include "model/ids.hpp"
#include "write/router_options.hpp"

#include <penholder/options.hpp>
#include <penholder/status.hpp>

#include <chrono>
#include <string>

namespace penholder::group {

/// What a group's machine is told once about its node and its group.
struct machine_options {
    member self;  ///< As it enrolls, but for its database.
    incarnation life;
    std::string root = "/penholder";  ///< Of the ensemble's znodes.
    std::chrono::milliseconds session_timeout{10000};
    group_options group;
    link_options link;

    /// Without one the group is an election only.
    bool has_database() const noexcept { return !group.database.empty(); }
};

candidacy_options to_candidacy_options(const machine_options& from);
router_options to_router_options(const machine_options& from);
/// For how long nobody links to a leader that is not reached.
std::chrono::milliseconds reach_patience(const machine_options& from);

}  // namespace penholder::group
