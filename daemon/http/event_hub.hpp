#pragma once

#include "daemon/http/event_feed.hpp"

#include <penholder/status.hpp>

#include <memory>
#include <string>
#include <vector>

namespace penholder::daemon {

/// Tells every listener of a group what changed there. Owned by `process`; used on the daemon's one thread.
class event_hub {
public:
    void leadership_changed(const leadership& now);
    void members_changed(const std::string& group, const std::vector<member>& members);

    /// From now on `feed` hears of `group`, first of how things stand.
    void subscribe(const group_status& now, const std::shared_ptr<event_feed>& feed);

    /// Ends every stream.
    void close();

    std::size_t listeners() const noexcept { return listeners_.size(); }

private:
    struct listener {
        std::string group;
        std::weak_ptr<event_feed> feed;
    };

    void publish(const std::string& group, const std::string& event);

    std::vector<listener> listeners_;
    std::uint64_t last_id_ = 0;
};

}  // namespace penholder::daemon
