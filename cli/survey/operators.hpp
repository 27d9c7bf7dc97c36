#pragma once

#include "cli/survey/succession.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace penholder::cli {

/// What operators' commands have in common.

error nobody_leads(const group_state& group);

/// The change of leader that follows the group's present term, to be waited for within the command's time.
awaited_succession await_succession(const invocation& run, const group_state& group, std::string heir);

/// Follows the succession to its end and shows the new leader.
boost::asio::awaitable<result<exit_code>> finish_succession(invocation& run, awaited_succession what);

/// The node to ask for what only a node can do: the leader where its HTTP is known, else one that was named.
/// Errors: refused where none is known.
result<node_url> node_to_ask(const invocation& run, const group_state& group);

/// Asks a node over HTTP while the succession is being followed; a refusal becomes its objection.
void ask_node(invocation& run, const group_state& group, std::string what, boost::json::object request,
              const awaited_succession& awaited);

}  // namespace penholder::cli
