#pragma once

#include "base/backoff.hpp"

#include <boost/asio/steady_timer.hpp>

#include <random>
#include <utility>

namespace penholder::zookeeper {

/// A timer for what is tried again and again, with pauses that double.
class paced_timer {
public:
    paced_timer(const boost::asio::any_io_executor& executor, backoff::duration first, backoff::duration most)
        : timer_(executor), pauses_(first, most, std::random_device{}()) {}

    /// In the place of whatever it was armed for.
    template <class Then>
    void arm(Then then) {
        timer_.expires_after(pauses_.next());
        timer_.async_wait([then = std::move(then)](const boost::system::error_code& cut) {
            if (!cut) then();
        });
    }
    void disarm() { timer_.cancel(); }
    void begin_anew() noexcept { pauses_.reset(); }

private:
    boost::asio::steady_timer timer_;
    backoff pauses_;
};

}  // namespace penholder::zookeeper
