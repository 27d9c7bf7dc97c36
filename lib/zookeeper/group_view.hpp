#pragma once

#include "election/records.hpp"

#include <penholder/error.hpp>
#include <penholder/status.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace penholder::zookeeper {

class session;

/// A candidate as the ensemble shows it, in the order of succession.
struct candidate_view {
    std::string node;
    int priority = 0;
    bool eligible = false;
    std::int32_t sequence = 0;
    std::string znode;
    std::int64_t session_id = 0;
};

/// One group as the ensemble shows it.
struct group_view {
    std::string group;
    std::vector<member> members;  ///< By name.
    std::vector<candidate_view> candidates;
    std::optional<election::leader_record> leader;
    std::int64_t leader_session = 0;
    std::vector<term_record> terms;  ///< Oldest first.
    election::control_record control;
    std::int32_t control_version = 0;
    std::vector<error> warnings;  ///< Entries that cannot be read.
};

/// Errors of all calls: ensemble_unreachable, session_expired, unauthorized.
boost::asio::awaitable<result<std::vector<std::string>>> list_groups(session& with, std::string root);

/// Errors: unknown_group when there are no znodes of that group.
boost::asio::awaitable<result<group_view>> read_group(session& with, std::string root, std::string group);

/// Asks the leader of `from_term` (0: of the present one) to hand over to `heir` (empty or "*": the next in
/// succession) and answers the term that was asked to end. Errors: no_leader, node_not_found, paused, refused (the heir
/// leads already, is an observer or is not eligible, nobody else could lead, or the term is over), in_progress (another
/// handover is under way).
boost::asio::awaitable<result<term>> request_handover(session& with, std::string root, std::string group,
                                                      std::string heir, term from_term = {});

/// Sets or clears the operators' request that nobody be elected. Errors: unknown_group.
boost::asio::awaitable<result<>> request_pause(session& with, std::string root, std::string group, bool paused);

}  // namespace penholder::zookeeper
