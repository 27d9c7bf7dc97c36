#include "credentials.hpp"

#include "context.hpp"

#include <boost/asio/ssl/context.hpp>
#include <openssl/ssl.h>

#include <stdexcept>
#include <utility>

namespace penholder::tls {
namespace {

using boost::asio::ssl::context;

// With a fresh key exchange each, and authenticated.
constexpr auto suites_of_tls_1_2 = "ECDHE+AESGCM:ECDHE+CHACHA20";

std::unique_ptr<context> new_context(side end) {
    auto made = std::make_unique<context>(end == side::client ? context::tls_client : context::tls_server);
    auto* const native = made->native_handle();
    if (SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_cipher_list(native, suites_of_tls_1_2) != 1) {
        throw std::runtime_error("OpenSSL cannot do TLS 1.2 here, so nothing can be sent safely");
    }
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    // Every connection agrees anew: nothing is kept that could open an old one.
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(native, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(native, 0);
    return made;
}

}  // namespace

credentials::credentials(std::unique_ptr<boost::asio::ssl::context> context) : context_(std::move(context)) {}

credentials::~credentials() = default;

result<std::shared_ptr<credentials>> credentials::make(side end, const texts& from, const file_keys& keys) {
    const std::shared_ptr<credentials> made(new credentials(new_context(end)));
    auto* const native = made->context().native_handle();
    const bool shows_one = end == side::server || !from.certificates.empty();
    if (!from.authorities.empty()) {
        if (const auto believed = believe(native, from, keys); !believed) return believed.error();
        SSL_CTX_set_verify(native, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    } else if (end == side::client) {
        SSL_CTX_set_default_verify_paths(native);
        SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
    }
    if (!shows_one) return made;
    const auto shown = show(native, from, keys);
    if (!shown) return shown.error();
    made->begins_ = shown->begins;
    made->expires_ = shown->expires;
    return made;
}

std::optional<std::string> credentials::trouble() const {
    const auto now = std::chrono::system_clock::now();
    if (!expires_ || (begins_ <= now && now < *expires_)) return std::nullopt;
    return begins_ > now ? "is not valid yet; see to its dates, and to this host's clock"
                         : "has ended, so nobody accepts it; replace it";
}

result<std::shared_ptr<credentials>> read_credentials(side end, const files& which) {
    const auto found = read(which);
    if (!found) return found.error();
    return credentials::make(end, *found, which.keys);
}

}  // namespace penholder::tls
