#include "shared_settings.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <stdexcept>

namespace penholder {
namespace {

/// The first 64 bits of the text's SHA-256: the same on every machine and in every release.
std::uint64_t digest_of(const std::string& text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("OpenSSL offers no SHA-256");
    }
    std::uint64_t first = 0;
    for (std::size_t i = 0; i < sizeof first; ++i) first = (first << 8U) | digest[i];
    return first;
}

}  // namespace

std::string shared_settings(const group_options& group, const zookeeper_options& ensemble) {
    const auto text =
        fmt::format("{} {} {} {} {} {} {} {} {}", ensemble.root, ensemble.session_timeout_ms, !group.database.empty(),
                    group.takeover, group.max_deadline_ms, group.statement_timeout_max_ms, group.fence_wait_ms,
                    group.key_retention_s, group.origin_retention_s);
    return fmt::format("{:016x}", digest_of(text));
}

}  // namespace penholder
