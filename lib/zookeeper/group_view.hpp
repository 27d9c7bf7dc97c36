#pragma once

#include "election/group_view.hpp"
#include "model/ids.hpp"

#include <penholder/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace penholder::zookeeper {

class session;

using election::candidate_view;
using election::group_view;

/// Errors of all calls: ensemble_unreachable, session_expired, unauthorized.
boost::asio::awaitable<result<std::vector<std::string>>> list_groups(session& with, std::string root);

/// Errors: unknown_group when there are no znodes of that group.
boost::asio::awaitable<result<group_view>> read_group(session& with, std::string root, std::string group);

/// Asks the leader of `from_term` (0: of the present one) to hand over to `heir` (empty or "*": the next in
/// succession) and answers the term that was asked to end. Waits a little for a node that is about to stand. Errors:
/// those of election::may_request_handover, and in_progress where others were faster too often.
boost::asio::awaitable<result<term>> request_handover(session& with, std::string root, std::string group,
                                                      std::string heir, term from_term = {});

/// Sets or clears the operators' request that nobody be elected. Errors: unknown_group.
boost::asio::awaitable<result<>> request_pause(session& with, std::string root, std::string group, bool paused);

/// Says that a node is to lead nothing that another can lead, or lets it lead again. Errors: unknown_group.
boost::asio::awaitable<result<>> request_drain(session& with, std::string root, std::string group, std::string node,
                                               bool drained);

/// Moves the group to that database, as members name theirs: only nodes that have it take part from now on, and only on
/// servers that hold `last`, whatever was raised elsewhere. Errors: unknown_group.
boost::asio::awaitable<result<>> request_adoption(session& with, std::string root, std::string group,
                                                  std::string database, fence_raise last = {});

}  // namespace penholder::zookeeper
