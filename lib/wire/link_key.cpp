#include "link_key.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstddef>
#include <span>

namespace penholder::wire {
namespace {

constexpr std::string_view protocol = "penholder link 2";
constexpr std::size_t name_bytes = 16;
constexpr std::size_t longest_identity = 400;  // A host's name has 253 characters at most.

using digest = std::array<std::uint8_t, 32>;

digest hmac(std::span<const std::uint8_t> key, std::string_view text) {
    digest made{};
    unsigned length = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
         text.size(), made.data(), &length);
    return made;
}

// HKDF's second half, for as much as one round makes.
digest expand(const digest& from, std::string_view label, std::string_view endpoint) {
    std::string info(label);
    info += ' ';
    info += endpoint;
    info += '\x01';
    return hmac(from, info);
}

std::string hex(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const auto byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 0xFU];
    }
    return text;
}

}  // namespace

link_key make_link_key(std::string_view secret, std::string_view endpoint) {
    const std::span salt(reinterpret_cast<const std::uint8_t*>(protocol.data()), protocol.size());
    const auto extracted = hmac(salt, secret);
    const auto name = expand(extracted, "name", endpoint);
    return {std::string(protocol) + ' ' + hex(std::span(name).first(name_bytes)) + ' ' + std::string(endpoint),
            expand(extracted, "key", endpoint)};
}

std::optional<std::string_view> dialled_endpoint(std::string_view identity) noexcept {
    const auto before = protocol.size() + 1 + 2 * name_bytes + 1;
    if (!identity.starts_with(protocol) || identity.size() <= before || identity.size() > longest_identity) {
        return std::nullopt;
    }
    return identity.substr(before);
}

}  // namespace penholder::wire
