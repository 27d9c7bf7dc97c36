#pragma once

#include "database_server.hpp"

#include <penholder/write.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace penholder::simulation {

/// One of a lane's connections, as its client sees it: what is open, what was sent and not answered, and the writes of
/// the transaction that it is in. Owned by the simulated lane.
class lane_wire {
public:
    database_server::link link;  ///< While it is open.
    std::uint64_t attempt = 0;   ///< Grows with each that is made or closed: what came of an earlier one is dropped.
    bool watched = false;        ///< Somebody looks whether it is silent.
    time_point last_heard{};

    void on_sent(const lane::round& commands);
    /// The oldest round was answered.
    void on_replies(const std::vector<lane::reply>& replies);
    void clear();

    bool waits() const noexcept { return !sent_.empty(); }
    bool carries(int write) const;
    /// Whose statements it would lose.
    std::vector<int> carried() const;

private:
    struct sent_round {
        std::vector<int> writes;
        bool ends = false;  ///< The transaction.
    };

    std::deque<sent_round> sent_;
    std::vector<int> running_;
};

/// The number of the write to which an application's statement belongs; nothing of any other command.
std::optional<int> write_behind(const lane::command& what);
int number_of(const write& what);

}  // namespace penholder::simulation
