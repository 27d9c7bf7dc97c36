#pragma once

#include "simulation/timeline.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>

#include <functional>
#include <memory>
#include <utility>

namespace penholder {

/// The clock of the process that runs at this moment.
struct steady_clock {
    using duration = std::chrono::steady_clock::duration;
    using time_point = std::chrono::steady_clock::time_point;
    static time_point now() noexcept { return simulation::present().local_now(); }
};

/// As Asio's, in virtual time; one wait at a time.
class steady_timer {
public:
    explicit steady_timer(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
    steady_timer(boost::asio::any_io_executor executor, steady_clock::duration delay) : executor_(std::move(executor)) {
        expires_after(delay);
    }
    ~steady_timer() { cancel(); }
    steady_timer(steady_timer&& other) noexcept
        : executor_(other.executor_), due_(other.due_), waiting_(std::exchange(other.waiting_, {})) {}
    steady_timer& operator=(steady_timer&&) = delete;

    const boost::asio::any_io_executor& get_executor() const noexcept { return executor_; }
    void expires_after(steady_clock::duration delay) { expires_at(steady_clock::now() + delay); }
    void expires_at(steady_clock::time_point when) {
        cancel();
        due_ = when;
    }

    void cancel() {
        const auto cut = std::exchange(waiting_, {}).lock();
        if (!cut) return;
        simulation::present().after({}, cut->where, [cut] { cut->end(boost::asio::error::operation_aborted); });
    }

    template <class Token>
    auto async_wait(Token&& token) {
        return boost::asio::async_initiate<Token, void(boost::system::error_code)>(
            [this](auto handler) { wait(std::move(handler)); }, token);
    }

private:
    struct wait_state {
        std::function<void(boost::system::error_code)> handler;
        simulation::whereabouts where;

        void end(boost::system::error_code how) {
            if (handler) std::exchange(handler, nullptr)(how);
        }
    };

    template <class Handler>
    void wait(Handler handler) {
        auto& now = simulation::present();
        auto shared = std::make_shared<Handler>(std::move(handler));
        auto made = std::make_shared<wait_state>();
        made->where = now.here();
        made->handler = [shared](boost::system::error_code how) { std::move (*shared)(how); };
        waiting_ = made;
        now.at(now.to_world(due_), made->where, simulation::task([made] { made->end({}); }));
    }

    boost::asio::any_io_executor executor_;
    steady_clock::time_point due_{};
    std::weak_ptr<wait_state> waiting_;  ///< The timeline keeps it, as a wait outlives nobody's process.
};

}  // namespace penholder
