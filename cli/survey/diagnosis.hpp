#pragma once

#include "cli/document.hpp"
#include "cli/survey/ensemble_servers.hpp"
#include "cli/survey/group_state.hpp"
#include "model/fence_record.hpp"
#include "postgres/diagnosis.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace penholder::cli {

using postgres::finding;
using diagnosis = std::vector<finding>;

/// Is there a quorum, and is every server there?
diagnosis diagnose_servers(const std::vector<ensemble_server>& servers);

/// Did the ensemble answer, and how fast?
diagnosis diagnose_ensemble(const survey& seen);

/// Can others than the nodes write to a group's znodes, and should they? `open`: those that anybody may write to.
diagnosis diagnose_open_znodes(const std::string& group, const std::vector<std::string>& open);
/// What it means that there is no digest.
finding diagnose_no_digest();

/// Does every node have the session time-out that the configuration asks for?
diagnosis diagnose_sessions(const survey& seen, int asked_ms);

/// Are there servers of the ensemble that a node could not connect to by TLS when it tried last?
diagnosis diagnose_relays(const survey& seen);

/// Do the certificates of links last, and those that the ensemble is shown?
diagnosis diagnose_certificates(const survey& seen);

/// Is the group led, can somebody take over, and do its members agree?
diagnosis diagnose_group(const group_state& group);

/// Does every node that answered run on about the same time as this machine did while it was asked?
diagnosis diagnose_clocks(const survey& seen);

/// Is the fence in the database at the leader's term?
finding diagnose_fence(const group_state& group, const fence_record& fence);
/// Nothing where the database that was looked at is the group's.
diagnosis diagnose_database(const group_state& group, const fence_record& fence);

/// Does any finding need somebody to act?
bool has_trouble(const diagnosis& found) noexcept;

document describe_diagnosis(const diagnosis& found);

}  // namespace penholder::cli
