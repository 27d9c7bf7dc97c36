#pragma once

#include "session.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace penholder::lane {

/// What the sessions are doing, and so for which write there is room beside it: one suspect at a time, one with a large
/// answer, and half of the sessions for writes that clashed, because those wait for each other's locks, or for somebody
/// else's.
class session_load {
public:
    explicit session_load(std::span<const session> all) : sessions_(all.size()) {
        for (const auto& one : all) {
            if (!one.is_running()) continue;
            if (one.run->write().suspect) ++suspects_;
            if (one.run->write().large_answer) ++large_answers_;
            if (one.run->write().tries > 0) ++tried_before_;
        }
    }

    bool has_room_for(const queued_write& one, bool may_be_large) const {
        if (one.suspect && suspects_ > 0) return false;
        if (may_be_large && large_answers_ > 0) return false;
        return one.tries == 0 || tried_before_ < std::max<std::size_t>(sessions_ / 2, 1);
    }

private:
    std::size_t sessions_;
    std::size_t suspects_ = 0;
    std::size_t large_answers_ = 0;
    std::size_t tried_before_ = 0;
};

}  // namespace penholder::lane
