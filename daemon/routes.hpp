#pragma once

#include "resources.hpp"

namespace penholder::daemon {

/// Answers a request: finds its resource, checks who asks, and turns every failure into a problem. Never throws.
answer respond(surroundings& with, http::request<http::string_body> message);

}  // namespace penholder::daemon
