#pragma once

#include "election/paths.hpp"
#include "zookeeper/session.hpp"

#include <penholder/status.hpp>

#include <functional>
#include <vector>

namespace penholder::zookeeper {

/// Members are for people to look at; nothing depends on them, so the simulation leaves them out.
class roster {
public:
    roster(session&, const election::group_paths&, const std::function<void(std::vector<member>)>&) {}
};

}  // namespace penholder::zookeeper
