#pragma once

#include "base/backoff.hpp"
#include "group/event.hpp"
#include "group/link_target.hpp"
#include "network.hpp"
#include "timeline.hpp"
#include "wire/link_loss.hpp"
#include "wire/request_window.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace penholder::simulation {

/// A follower's link over the simulated network: connects again and again, is refused by hosts where nobody listens,
/// hears nothing from those that are cut off or paused.
class follower_link : public std::enable_shared_from_this<follower_link> {
public:
    using teller = std::function<void(group::any_event)>;

    follower_link(group::link_id id, group::link_target target, std::size_t window, std::uint64_t seed, teller tell);
    ~follower_link();
    follower_link(const follower_link&) = delete;
    follower_link& operator=(const follower_link&) = delete;

    void start();
    void close();
    /// False where nothing was sent.
    bool send(const wire::request& asked);
    bool is_up() const noexcept { return up_ != nullptr; }

private:
    void attempt();
    void greet(const listening& whom);
    void came_up(network::connection over);
    void went_down(wire::loss how, std::string why, bool was_up, std::optional<incarnation> met = {});
    template <class Work>
    void later(duration delay, Work work);

    location here_;
    group::link_id id_;
    group::link_target target_;
    wire::request_window window_;
    teller tell_;
    backoff pauses_;
    network::connection up_;
    time_point up_since_{};
    bool closed_ = false;
};

}  // namespace penholder::simulation
