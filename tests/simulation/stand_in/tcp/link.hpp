#pragma once

#include "base/backoff.hpp"
#include "model/ids.hpp"
#include "simulation/network.hpp"
#include "wire/link_loss.hpp"
#include "wire/link_target.hpp"
#include "wire/request_window.hpp"

#include <penholder/options.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace penholder::tcp {

using wire::link_loss;
using wire::link_target;
using wire::loss;

struct link_handlers {
    std::function<void()> on_up;
    std::function<void(const link_loss&)> on_down;
    std::function<void(wire::reply)> on_reply;
};

/// In the place of the real link, over the simulated network: connects again and again, is refused by hosts where
/// nobody listens, hears nothing from those that are cut off or paused.
class link : public std::enable_shared_from_this<link> {
public:
    link(const boost::asio::any_io_executor& executor, link_target target, const link_options& settings,
         link_handlers handlers);
    ~link();

    void start();
    void close();
    bool send(const wire::request& asked);
    bool is_up() const noexcept { return up_ != nullptr; }
    const link_target& target() const noexcept { return target_; }
    std::size_t window() const noexcept { return window_.writes(); }
    std::size_t in_flight() const noexcept { return window_.writes_open(); }
    std::optional<std::chrono::steady_clock::time_point> last_contact() const noexcept { return {}; }

private:
    void attempt();
    void greet(const simulation::listening& whom);
    void came_up(simulation::network::connection over);
    void went_down(loss how, std::string why, bool was_up, std::optional<incarnation> met = {});
    template <class Work>
    void later(simulation::duration delay, Work work);

    simulation::whereabouts here_;
    link_target target_;
    wire::request_window window_;
    link_handlers handlers_;
    backoff pauses_;
    simulation::network::connection up_;
    simulation::time_point up_since_{};
    bool closed_ = false;
};

}  // namespace penholder::tcp
