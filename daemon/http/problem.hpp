#pragma once

#include "api/problem.hpp"
#include "daemon/http/message.hpp"
#include "daemon/http/submission.hpp"

#include <string>
#include <string_view>

namespace penholder::daemon {

/// A problem as HTTP's answer, with `Retry-After` or `WWW-Authenticate` where its status asks for them.
reply to_reply(const api::problem& refusal);

/// A refusal of HTTP itself, which no `errc` names: "not_found", "method_not_allowed"…
reply to_reply(http::status status, std::string_view code, std::string_view detail);

/// A refusal of an operator's body, which names the place in it.
reply malformed(const body_problem& found, const std::string& group);

}  // namespace penholder::daemon
