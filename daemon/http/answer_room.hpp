#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <functional>
#include <list>
#include <memory>

namespace penholder::daemon {

/// Lets few large answers leave at a time, over all connections, so that a node stays small whatever is asked of it.
/// The others wait for their turn; when too many do, the connection of the answer that has been on its way for longest
/// is cut: its client reads too slowly. On the daemon's one thread.
class answer_room {
public:
    static constexpr std::size_t most_at_once = 3;
    static constexpr std::size_t most_waiting = 5;

    answer_room() = default;
    answer_room(const answer_room&) = delete;
    answer_room& operator=(const answer_room&) = delete;

    /// The turn has come, and lasts as long as what is answered; `cut` ends it early. The room outlives it.
    using turn = std::shared_ptr<void>;
    boost::asio::awaitable<turn> enter(std::function<void()> cut);

private:
    struct guest {
        std::function<void()> cut;
        boost::asio::steady_timer called;
        bool has_turn = false;
    };

    void call_next();

    std::list<std::shared_ptr<guest>> guests_;  ///< In order of arrival; the first ones have their turn.
};

}  // namespace penholder::daemon
