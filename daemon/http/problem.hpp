#pragma once

#include "api/problem.hpp"
#include "daemon/http/message.hpp"

#include <string_view>

namespace penholder::daemon {

/// A problem as HTTP's answer, with `Retry-After` or `WWW-Authenticate` where its status asks for them.
reply to_reply(const api::problem& refusal);

/// A refusal of HTTP itself, which no `errc` names: "not_found", "method_not_allowed"…
reply to_reply(http::status status, std::string_view code, std::string_view detail);

}  // namespace penholder::daemon
