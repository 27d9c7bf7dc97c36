#pragma once

#include "model/ids.hpp"
#include "tcp/link_security.hpp"

#include <penholder/leadership.hpp>
#include <penholder/options.hpp>
#include <penholder/status.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace penholder {

/// What the host wants to hear; called on the host's executor, never from inside the core.
struct node_hooks {
    std::function<void(const leadership&)> leadership;
    std::function<void(const std::string& group, const std::vector<member>&)> members;
};

/// What a group has to know of its node.
struct node_context {
    boost::asio::any_io_executor strand;
    std::string node;
    incarnation life;
    std::string started_at;     ///< ISO 8601, UTC.
    std::string endpoint;       ///< Where this node accepts links.
    std::string http_endpoint;  ///< Empty without HTTP.
    std::string binding;        ///< As `member::binding`.
    zookeeper_options zookeeper;
    link_options link;
    std::shared_ptr<const tcp::link_security> protection;
    node_hooks hooks;
    std::function<void()> accepting_links_changed;  ///< `group_shell::accepts_links` answers otherwise than before.
};

}  // namespace penholder
