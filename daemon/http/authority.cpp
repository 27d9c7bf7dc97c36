#include "daemon/http/authority.hpp"

#include "config/access_tokens.hpp"

#include <boost/beast/core/string.hpp>
#include <openssl/crypto.h>

#include <optional>

namespace penholder::daemon {
namespace {

std::string_view bearer_token(std::string_view authorization) noexcept {
    constexpr std::string_view scheme = "bearer ";
    if (!boost::beast::iequals(authorization.substr(0, scheme.size()), scheme)) return {};
    return authorization.substr(scheme.size());
}

/// The token among those in `text` that was given; all of them are compared.
std::optional<config::access_token> find_token(std::string_view text, std::string_view given) {
    std::optional<config::access_token> found;
    for (const auto& each : config::access_tokens(text)) {
        if (equal_secretly(given, each.value)) found = each;
    }
    return found;
}

}  // namespace

bool equal_secretly(std::string_view left, std::string_view right) noexcept {
    return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

permission permit(const config::http_options& settings, audience who, std::string_view authorization) {
    const bool separate = who == audience::operators && !settings.operator_token.empty();
    const std::string_view wanted = separate ? settings.operator_token : settings.token;
    if (who == audience::everybody || wanted.empty()) return permission::granted;
    const auto given = bearer_token(authorization);
    if (find_token(wanted, given) || find_token(settings.operator_token, given)) return permission::granted;
    return find_token(settings.token, given) ? permission::token_too_weak : permission::token_missing;
}

std::string caller_name(const config::http_options& settings, std::string_view authorization) {
    const auto given = bearer_token(authorization);
    const auto found = find_token(settings.operator_token, given);
    return std::string(found ? found->name : find_token(settings.token, given).value_or(config::access_token{}).name);
}

}  // namespace penholder::daemon
