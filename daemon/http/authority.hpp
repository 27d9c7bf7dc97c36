#pragma once

#include "config/configuration.hpp"

#include <string>
#include <string_view>

namespace penholder::daemon {

/// Who may call a route.
enum class audience : std::uint8_t {
    everybody,     ///< Health and metrics.
    applications,  ///< Writing, and reading the status.
    operators,     ///< Moving the leadership.
};

enum class permission : std::uint8_t {
    granted,
    token_missing,   ///< None was sent, or none that is known.
    token_too_weak,  ///< An application's token on an operators' route.
};

/// Compares in a time that depends on the lengths alone.
bool equal_secretly(std::string_view left, std::string_view right) noexcept;

/// Decides by the `Authorization` header. Without configured tokens everybody is granted: the configuration allows that
/// on loopback and unix sockets only. The operators' token is good for everything.
permission permit(const config::http_options& settings, audience who, std::string_view authorization);

/// What the configuration calls the token in the `Authorization` header: for the log. Empty where it has no name, or is
/// not known.
std::string caller_name(const config::http_options& settings, std::string_view authorization);

}  // namespace penholder::daemon
