#pragma once

#include "message.hpp"

#include <penholder/receipt.hpp>

#include <optional>
#include <string>

namespace penholder::daemon {

/// Everything that a refusal tells besides its code.
struct problem {
    errc code = errc::internal;
    std::string detail;  ///< What happened, to what, and what to do next.
    penholder::outcome outcome = outcome::rejected;
    std::string group;
    std::string write_id;
    std::string sqlstate;
    std::optional<std::size_t> statement;
    std::string pointer;  ///< Where in the body, as a JSON pointer.
};

/// The one place where errors become HTTP: status, `application/problem+json` (RFC 9457), Retry-After.
reply to_reply(const problem& told);

/// A refusal of HTTP itself, which no `errc` names: "not_found", "method_not_allowed"…
reply to_reply(http::status status, std::string_view code, std::string_view detail);

/// A write that was not committed.
problem to_problem(const receipt& refused, const std::string& group);
problem to_problem(const error& failed, const std::string& group);

http::status status_of(errc code) noexcept;

}  // namespace penholder::daemon
