#pragma once

#include "election/records.hpp"

#include <penholder/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace penholder::zookeeper {

class session;

/// The znodes by which a node takes part in a group, each as it was seen.
struct presence {
    struct trace {
        std::string path;
        std::int32_t version = 0;
        bool owned = true;  ///< By a session.
    };
    std::vector<trace> traces;  ///< `leader` first, where the node leads.
    /// What was found belongs to no session.
    bool is_ownerless() const noexcept { return !traces.empty() && !traces.front().owned; }
    bool leads = false;
    penholder::term term{};  ///< That it leads; 0 where it does not.
    std::string terms_path;
    std::int32_t terms_version = 0;
    std::string control_path;
    election::control_record control;
    std::int32_t control_version = 0;
};

/// Those that no session owns, where there are any: what is left of a node, or was made by hand, goes before the node
/// itself. Errors: node_not_found where the group has no znode of `node`, ensemble_unreachable.
boost::asio::awaitable<result<presence>> find_presence(session& with, std::string root, std::string group,
                                                       std::string node);

/// Removes exactly what was seen, in one transaction, and leaves word of it for whoever leads next. A node that lives
/// enrolls anew. Errors: refused where something has changed meanwhile; then nothing was removed.
boost::asio::awaitable<result<>> remove_presence(session& with, presence seen);

}  // namespace penholder::zookeeper
