#pragma once

#include "group_snapshot.hpp"
#include "succession.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::election {

/// What one node knows of its group: the last snapshot, brought up to date by what the node itself has changed since,
/// how much has to be read again, and the node's own place in it. Owned by the elector.
///
/// A full read *stands* until something fails or asks for certainty: what it showed is enough to act on, because each
/// transaction checks what it rests on. Something that has to be read again does not end that.
class known_group {
public:
    const group_snapshot& seen() const noexcept { return seen_; }
    /// To write down what the node itself has changed.
    group_snapshot& seen() noexcept { return seen_; }

    /// A snapshot that the owner of `session` has read.
    void take_in(const group_snapshot& read, std::int64_t session);

    /// The session is over, and all that was known through it. Operators' requests are remembered.
    void forget();
    /// Another connection: watches are gone, and all has to be read again.
    void reconnected();

    // What has to be read again.

    void need(scope what);
    const std::optional<scope>& needed() const noexcept { return needed_; }
    void reading() noexcept { needed_.reset(); }
    bool full_read_stands() const noexcept { return stands_; }
    void doubt() noexcept { stands_ = false; }

    // The node's own znodes.

    bool is_enrolled() const noexcept { return membership_ != membership::none; }
    bool is_candidate() const noexcept { return membership_ == membership::candidate; }
    void enrolled(member_seen as);
    void became_candidate() noexcept { membership_ = membership::candidate; }
    void withdrew();

    // Its place in the succession.

    /// Finds the place of the owner of `session` among all candidates but those of the node `leader`.
    void find_place(std::int64_t session, std::string_view leader);
    bool is_first() const noexcept { return first_; }
    /// The nodes that are to lead before this one, first successor first; by their znodes where they were not read.
    const std::vector<std::string>& ahead() const noexcept { return ahead_; }
    bool is_behind(std::string_view node) const noexcept { return predecessor_ && predecessor_->node == node; }
    /// The candidate just ahead, where no watch is on it; null otherwise.
    const candidate_seen* unwatched_predecessor() const;
    void watching(std::string znode) { watched_ = std::move(znode); }
    /// A watch fired at a candidate. True where it is the one that is watched; it is not any more.
    bool watch_fired(std::string_view znode);
    void forget_watch() { watched_.clear(); }

private:
    enum class membership : std::uint8_t { none, enrolled, candidate };

    group_snapshot seen_;
    std::optional<scope> needed_;
    bool stands_ = false;
    membership membership_ = membership::none;
    bool first_ = false;
    std::vector<std::string> ahead_;
    std::optional<contender> predecessor_;
    std::string watched_;
};

}  // namespace penholder::election
