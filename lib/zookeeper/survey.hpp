#pragma once

#include "election/group_snapshot.hpp"
#include "election/paths.hpp"
#include "session.hpp"

#include <functional>
#include <memory>
#include <string>

namespace penholder::zookeeper {

/// Reads a group as an elector wants to see it: a glance at `leader` and `control`, or a whole look, in one or two
/// round trips. Leaves watches on `leader`, `control` and, where the look is whole, on the member `node` and on this
/// session's candidates. Garbage becomes warnings. Once `owner` is gone nothing more is asked nor answered.
void survey(session& with, std::weak_ptr<const void> owner, const election::group_paths& paths, std::string node,
            bool whole, std::function<void(reply<election::group_snapshot>)> done);

}  // namespace penholder::zookeeper
