#pragma once

#include "election/group_snapshot.hpp"
#include "election/paths.hpp"
#include "session.hpp"

#include <functional>
#include <memory>
#include <string>

namespace penholder::zookeeper {

/// Reads a group as an elector wants to see it, in one or two round trips. Leaves watches on `leader`, `control` and,
/// where the read is full, on the member `node` and on this session's candidates. Garbage becomes warnings. Runs on
/// the session's executor; once `owner` is gone nothing more is asked nor answered.
void read_snapshot(session& with, std::weak_ptr<const void> owner, const election::group_paths& paths, std::string node,
                   election::scope scope, std::function<void(reply<election::group_snapshot>)> done);

}  // namespace penholder::zookeeper
