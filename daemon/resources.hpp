#pragma once

#include "config/configuration.hpp"
#include "event_hub.hpp"
#include "message.hpp"
#include "metrics.hpp"

#include <penholder/node.hpp>

namespace penholder::daemon {

/// What the resources work with. Owned by `process`, lives as long as the server.
struct surroundings {
    node& pen;
    const config::configuration& settings;
    metrics& counted;
    event_hub& events;
    bool stopping = false;
};

/// A resource's answer to one request. Everything runs on the daemon's one thread; both arguments outlive the call.
using answer = boost::asio::awaitable<reply>;

answer submit_write(surroundings& with, const request& asked);
answer show_receipt(surroundings& with, const request& asked);

answer show_node(surroundings& with, const request& asked);
answer show_group(surroundings& with, const request& asked);
answer show_history(surroundings& with, const request& asked);
answer show_events(surroundings& with, const request& asked);

answer hand_over(surroundings& with, const request& asked);
answer resign(surroundings& with, const request& asked);
answer pause(surroundings& with, const request& asked);
answer resume(surroundings& with, const request& asked);

answer is_leader(surroundings& with, const request& asked);
answer is_follower(surroundings& with, const request& asked);
answer is_alive(surroundings& with, const request& asked);
answer is_ready(surroundings& with, const request& asked);
answer show_metrics(surroundings& with, const request& asked);

}  // namespace penholder::daemon
