#pragma once

#include "model/ids.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace penholder::wire {

/// Whom a link is to, and for whom.
struct link_target {
    std::string group;
    std::string node;  ///< Our own name.
    incarnation life;  ///< Our own.
    penholder::term term;
    std::string leader;                      ///< The node expected to answer.
    std::optional<incarnation> leader_life;  ///< The incarnation expected to answer; the first that does, if unknown.
    std::string endpoint;                    ///< host:port
    std::chrono::milliseconds patience{0};   ///< So long a lost link may stay so, where nothing waits for it.
};

}  // namespace penholder::wire
