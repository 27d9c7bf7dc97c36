#pragma once

#include "model/ids.hpp"

#include <string>
#include <variant>

namespace penholder {

/// This node's own lane is open under `term`.
struct route_here {
    penholder::term term;
    friend bool operator==(const route_here&, const route_here&) = default;
};

/// Another node leads.
struct route_there {
    penholder::term term;
    std::string node;
    std::string endpoint;
    bool linked = false;  ///< The link to that leader, of that term, is up.
    friend bool operator==(const route_there&, const route_there&) = default;
};

/// No leader is known.
struct route_nowhere {
    std::string last;  ///< Who led last; empty when nobody was ever seen to lead.
    friend bool operator==(const route_nowhere&, const route_nowhere&) = default;
};

/// Where a write of this moment belongs.
using route = std::variant<route_here, route_there, route_nowhere>;

}  // namespace penholder
