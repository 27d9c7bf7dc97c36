#pragma once

#include "base/backoff.hpp"
#include "model/ids.hpp"
#include "simulation/network.hpp"
#include "tcp/link_loss.hpp"
#include "wire/message.hpp"

#include <penholder/options.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace penholder::tcp {

struct link_target {
    std::string group;
    std::string node;
    incarnation life;
    penholder::term term;
    std::string leader;
    std::optional<incarnation> leader_life;
    std::string endpoint;
};

struct link_handlers {
    std::function<void()> on_up;
    std::function<void(const link_loss&)> on_down;
    std::function<void(wire::submit_reply)> on_reply;
    std::function<void(wire::find_reply)> on_find_reply;
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
    bool send(const wire::submit_request& request);
    bool send(const wire::find_request& request);
    bool is_up() const noexcept { return up_ != nullptr; }
    const link_target& target() const noexcept { return target_; }
    std::size_t window() const noexcept { return window_; }
    std::size_t in_flight() const noexcept { return in_flight_; }
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
    std::size_t window_;
    link_handlers handlers_;
    backoff pauses_;
    simulation::network::connection up_;
    std::size_t in_flight_ = 0;
    simulation::time_point up_since_{};
    bool closed_ = false;
};

}  // namespace penholder::tcp
