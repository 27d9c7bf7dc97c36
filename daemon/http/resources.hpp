#pragma once

#include "base/log_limit.hpp"
#include "config/configuration.hpp"
#include "daemon/http/event_hub.hpp"
#include "daemon/http/http_security.hpp"
#include "daemon/http/message.hpp"
#include "daemon/metrics/metrics.hpp"

#include <penholder/node.hpp>

#include <chrono>

namespace penholder::daemon {

/// What every request is answered with. Owned by `process`, lives as long as the server.
struct request_context {
    node& pen;
    const config::configuration& settings;
    metrics& counted;
    event_hub& events;
    const http_security& security;
    bool stopping = false;
    bool closing = false;  ///< Each answer from now on is its connection's last.
    /// When the last request of an application was answered.
    std::chrono::steady_clock::time_point application_heard{};
    log_limit failed_writes = {};
    log_limit failed_handshakes = {};
};

/// A resource's answer to one request. Everything runs on the daemon's one thread; both arguments outlive the call.
using awaitable_reply = boost::asio::awaitable<reply>;

/// The status of one group. Throws `exception` (unknown_group) where the node is not in it.
boost::asio::awaitable<group_status> status_of_group(node& pen, std::string group);

awaitable_reply submit_write(request_context& context, const http_request& request);
awaitable_reply show_receipt(request_context& context, const http_request& request);
awaitable_reply forget_key(request_context& context, const http_request& request);

awaitable_reply show_node(request_context& context, const http_request& request);
awaitable_reply show_group(request_context& context, const http_request& request);
awaitable_reply show_history(request_context& context, const http_request& request);
awaitable_reply show_events(request_context& context, const http_request& request);

awaitable_reply hand_over(request_context& context, const http_request& request);
awaitable_reply resign(request_context& context, const http_request& request);
awaitable_reply pause(request_context& context, const http_request& request);
awaitable_reply resume(request_context& context, const http_request& request);

awaitable_reply is_leader(request_context& context, const http_request& request);
awaitable_reply is_follower(request_context& context, const http_request& request);
awaitable_reply is_alive(request_context& context, const http_request& request);
awaitable_reply is_ready(request_context& context, const http_request& request);
awaitable_reply show_metrics(request_context& context, const http_request& request);

}  // namespace penholder::daemon
