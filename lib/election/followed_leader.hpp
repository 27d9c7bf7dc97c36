#pragma once

#include "group_snapshot.hpp"
#include "model/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace penholder::election {

/// Another node's leadership.
struct other_leader {
    penholder::term term{};
    std::string node;
    std::string endpoint;
    bool serving = false;
    friend bool operator==(const other_leader&, const other_leader&) = default;
};

/// Whom this node follows, as the ensemble shows it or as the database's fence does. The fence is the newer news where
/// its term is higher: it holds until the ensemble shows that term or a higher one, or the database shows a lower one.
class followed_leader {
public:
    const std::optional<other_leader>& now() const noexcept { return now_; }
    std::string node() const { return now_ ? now_->node : std::string(); }

    /// What `leader` shows to the owner of `session`. True where that is another node that serves.
    bool shown(const group_snapshot& seen, std::int64_t session);

    /// The fence stands at `by`; `leader` is empty where that is unknown or is this node itself.
    void fenced(term by, std::string leader, std::string endpoint);

    /// The database's fence shows `seen`. True where this makes it forget a leader: the database that showed it is
    /// another, or an older one now.
    bool database_shows(term seen);

    void forget() noexcept { now_.reset(); }

private:
    enum class source : std::uint8_t { ensemble, fence };

    bool is_from_fence() const noexcept { return now_ && source_ == source::fence; }

    std::optional<other_leader> now_;
    source source_ = source::ensemble;
};

}  // namespace penholder::election
