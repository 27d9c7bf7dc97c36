#pragma once

#include "base/backoff.hpp"
#include "connection_id.hpp"
#include "session_transaction.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace penholder::lane {

/// One of a pool's connections, and what it is doing. Owned by the pool.
struct session {
    using time_point = std::chrono::steady_clock::time_point;

    enum class state : std::uint8_t { absent, connecting, idle, running, cleaning, pausing };

    /// A statement's own time ends at its write's deadline, and leaves a connection that can go on; so the connection
    /// is ended a little later.
    static constexpr std::chrono::milliseconds time_past_deadline{50};
    static constexpr std::chrono::seconds longest_cleaning{5};
    static constexpr std::chrono::seconds longest_idle{60};

    connection_id id;
    backoff pauses;
    state doing = state::absent;
    bool as_new = true;                           ///< Else only writes that leave nothing have run in it.
    bool is_outdated = false;                     ///< It was made under another catalogue.
    time_point since{};                           ///< It is idle, or being cleaned, or its transaction began.
    std::uint64_t round = 0;                      ///< The number of the last round that was sent.
    std::optional<session_transaction> run = {};  ///< While it is running.

    bool is_open() const noexcept { return is_waited_for() || doing == state::idle; }
    bool is_running() const noexcept { return doing == state::running; }
    bool is_connected_or_will_be() const noexcept { return doing != state::absent && doing != state::pausing; }

    /// A round of it is without an answer.
    bool is_waited_for() const noexcept { return doing == state::running || doing == state::cleaning; }

    /// When what it is doing has taken too long.
    time_point due() const {
        switch (doing) {
            case state::running: return run->write().deadline() + time_past_deadline;
            case state::cleaning: return since + longest_cleaning;
            case state::idle: return since + longest_idle;
            default: return time_point::max();
        }
    }
};

}  // namespace penholder::lane
