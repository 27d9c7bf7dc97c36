#pragma once

#include "daemon/http/resources.hpp"

namespace penholder::daemon {

/// Answers a request: finds its resource, checks who asks, and turns every failure into a problem. Never throws.
awaitable_reply respond(request_context& context, http::request<http::string_body> message);

}  // namespace penholder::daemon
