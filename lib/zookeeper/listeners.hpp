#pragma once

#include "session.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace penholder::zookeeper {

/// Who listens to a session. They may come and go while they are told.
class listeners {
public:
    std::uint64_t add(listener who);
    void remove(std::uint64_t subscription) { all_.erase(subscription); }

    void tell(const session_event& what) const;
    /// Those at or above whose prefix the znode is.
    void tell(const watch_event& what) const;

private:
    std::map<std::uint64_t, listener> all_;
    std::uint64_t count_ = 0;
};

}  // namespace penholder::zookeeper
