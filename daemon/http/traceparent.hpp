#pragma once

#include "daemon/http/message.hpp"

#include <string>
#include <string_view>

namespace penholder::daemon {

/// The trace id in a `traceparent` header (W3C Trace Context, level 1); empty where the header is not as the standard
/// wants it, which it wants to be ignored then.
std::string trace_id_in(std::string_view traceparent);

/// The trace that a request belongs to; empty where it does not say, or says it twice.
std::string trace_id_of(const http_request& request);

}  // namespace penholder::daemon
