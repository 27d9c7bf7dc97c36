#pragma once

#include "daemon/http/resources.hpp"

#include <cstdint>

namespace penholder::daemon {

/// What may be asked over a connection.
enum class asks : std::uint8_t {
    anything,
    health,  ///< What everybody may ask; anything else is answered that there are too many connections.
};

/// Answers a request: finds its resource, checks who asks, and turns every failure into a problem. Never throws.
awaitable_reply respond(request_context& context, http::request<http::string_body> message, asks what);

}  // namespace penholder::daemon
