#pragma once

#include "lane_write.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace penholder::lane {

/// A write in the lane, with what the lane has learned about it.
struct queued_write {
    lane_write taken;
    std::string fingerprint = {};                        ///< Of keyed writes only.
    bool alone = false;                                  ///< To share its batch with no other.
    bool doubtful = false;                               ///< An earlier COMMIT of it went unanswered.
    std::chrono::steady_clock::time_point not_before{};  ///< After a conflict.
    int tries = 0;

    const std::string& id() const noexcept { return taken.what.id().text(); }
    const origin_write_id* given() const noexcept { return taken.what.id().given(); }
    const std::vector<statement>& statements() const noexcept { return taken.what.statements(); }
    std::size_t bytes() const noexcept { return taken.what.bytes(); }
    std::chrono::steady_clock::time_point deadline() const noexcept { return taken.deadline; }
};

}  // namespace penholder::lane
