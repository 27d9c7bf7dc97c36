#pragma once

#include "election/group_snapshot.hpp"
#include "election/paths.hpp"
#include "zookeeper/session.hpp"

#include <functional>
#include <memory>
#include <string>

namespace penholder::zookeeper {

/// As the real one, in fewer requests: its reads may show one moment or several, as drawn.
void read_snapshot(session& with, std::weak_ptr<const void> owner, const election::group_paths& paths, std::string node,
                   election::scope scope, std::function<void(reply<election::group_snapshot>)> done);

}  // namespace penholder::zookeeper
