#include "daemon/http/authority.hpp"

#include <boost/beast/core/string.hpp>
#include <openssl/crypto.h>

namespace penholder::daemon {
namespace {

std::string_view bearer_token(std::string_view authorization) noexcept {
    constexpr std::string_view scheme = "bearer ";
    if (!boost::beast::iequals(authorization.substr(0, scheme.size()), scheme)) return {};
    return authorization.substr(scheme.size());
}

bool matches(std::string_view given, std::string_view wanted) noexcept {
    return !wanted.empty() && equal_secretly(given, wanted);
}

}  // namespace

bool equal_secretly(std::string_view left, std::string_view right) noexcept {
    return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

permission permit(const config::http_options& settings, audience who, std::string_view authorization) noexcept {
    const bool separate = who == audience::operators && !settings.operator_token.empty();
    const std::string_view wanted = separate ? settings.operator_token : settings.token;
    if (who == audience::everybody || wanted.empty()) return permission::granted;
    const auto given = bearer_token(authorization);
    if (matches(given, wanted) || matches(given, settings.operator_token)) return permission::granted;
    return matches(given, settings.token) ? permission::token_too_weak : permission::token_missing;
}

}  // namespace penholder::daemon
