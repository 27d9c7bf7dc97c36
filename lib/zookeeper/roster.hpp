#pragma once

#include "election/paths.hpp"
#include "session.hpp"

#include <penholder/status.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace penholder::zookeeper {

class roster_core;

/// Keeps the list of a group's members current, by one watch on the parent and one reading at a time, however many
/// changes come in between. In a group of many, whose members nobody has asked for, it reads nothing; and where they
/// were asked for it takes its time, some minutes for a thousand, so that what all rosters ask of the ensemble is
/// bounded. Owned by the shell of a group; runs on the session's executor, as does the callback.
class roster {
public:
    roster(session& with, const election::group_paths& paths, std::function<void(std::vector<member>)> on_change);
    ~roster();
    /// Somebody asks for the members, however many they are.
    void want();
    roster(const roster&) = delete;
    roster& operator=(const roster&) = delete;

private:
    std::shared_ptr<roster_core> core_;
};

}  // namespace penholder::zookeeper
