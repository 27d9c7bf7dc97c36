#pragma once

#include "group_snapshot.hpp"
#include "succession.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::election {

/// Decides which candidates' records a full read has to read, so that a node's reading costs about the same in a group
/// of a thousand as in one of three. Where there are few, all are read. Else the names tell the order, and read are the
/// own one, the leader's, and those ahead of the own one: all where they are few, else from the nearest on, until one
/// could lead. Who leads, or sees that a
/// handover to somebody was asked for, may need any of them and reads them all, as everybody does with names that tell
/// nothing, and who stands behind all others because nobody reached it when it led: others may, too.
///
/// `next` until it answers nothing, and `read` for each that it answered; then `complete`.
class candidate_survey {
public:
    /// Of the candidates `names`, by the owner of `session`, which has read `leader` and `control` into `seen`.
    candidate_survey(const std::vector<std::string>& names, std::int64_t session, const group_snapshot& seen);

    /// The records to read now; none when enough is known.
    std::vector<std::string> next();
    /// `owned`: the session that its name tells owns it.
    void read(std::string_view name, const candidate_record& record, bool owned);

    /// Adds those that were not read: each in its place, without a node, and able to lead as far as is known.
    void complete(group_snapshot& seen) const;

private:
    std::string own_;
    std::vector<std::string> wanted_;  ///< In any case.
    std::vector<contender> ahead_;     ///< Those that may have to be read, the nearest last.
    std::vector<std::string> asked_;   ///< Those of them that are read.
    std::vector<contender> unread_;    ///< Those that need not be.
    std::size_t batch_ = 1;
    bool enough_ = false;
};

}  // namespace penholder::election
