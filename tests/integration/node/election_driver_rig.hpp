#pragma once

#include "integration/zookeeper/session_rig.hpp"
#include "node/election_driver.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace penholder::testing {

/// How one node of a test stands.
struct standing {
    std::string group = "orders";
    int priority = 0;
    bool observer = false;
    bool raise_fence = true;  ///< False: whatever the node is elected to, its fence is not raised.
};

/// A node's part in one group, with a host that has no database: it raises fences and drains at once.
class candidate_node {
public:
    candidate_node(zookeeper::session& session, const std::string& name, standing how = {}) : how_(std::move(how)) {
        election_driver_options options;
        options.group = how_.group;
        options.node = name;
        options.life = incarnation::random();
        options.endpoint = name + ":7431";
        options.priority = how_.priority;
        options.observer = how_.observer;
        options.has_database = false;
        election_driver_ = std::make_unique<election_driver>(session, options, handlers());
        election_driver_->start();
    }

    election_driver& operator*() { return *election_driver_; }
    election_driver* operator->() { return election_driver_.get(); }
    const leadership& now() const { return election_driver_->current(); }
    bool serves() const { return now().role == role::serving; }
    bool follows(const std::string& leader) const {
        return now().role == role::follower && now().leader == leader && now().leader_serving;
    }

    std::vector<leadership> told;  ///< Every change, in order.
    std::vector<std::uint64_t> drained;
    std::vector<member> members;
    std::optional<error> trouble;

private:
    election_driver_handlers handlers() {
        election_driver_handlers made;
        made.on_leadership = [this](const leadership& now) { told.push_back(now); };
        made.on_elected = [this](std::uint64_t term) {
            if (how_.raise_fence) return election_driver_->fence_raised(term);
            election_driver_->fence_failed(term, error{errc::database_unreachable, "no route to the database"});
        };
        made.on_drain = [this](std::uint64_t term, const std::function<void()>& finished) {
            drained.push_back(term);
            finished();
        };
        made.on_members = [this](const std::vector<member>& present) { members = present; };
        made.on_trouble = [this](const std::optional<error>& what) { trouble = what; };
        return made;
    }

    standing how_;
    std::unique_ptr<election_driver> election_driver_;
};

/// A node with a session of its own.
struct lone_node {
    std::unique_ptr<zookeeper::session> session;
    candidate_node node;

    lone_node(rig& here, const std::string& hosts, const std::string& name, standing how = {}, int timeout_ms = 1000)
        : session(here.connect(here.options(hosts, timeout_ms))), node(*session, name, std::move(how)) {}
};

}  // namespace penholder::testing
