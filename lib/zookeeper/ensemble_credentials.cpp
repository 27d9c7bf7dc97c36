#include "ensemble_credentials.hpp"

#include "tls/context.hpp"

#include <boost/asio/ssl/context.hpp>
#include <openssl/ssl.h>

#include <stdexcept>
#include <utility>

namespace penholder::zookeeper {
namespace {

// With a fresh key exchange each, and authenticated.
constexpr auto suites_of_tls_1_2 = "ECDHE+AESGCM:ECDHE+CHACHA20";

std::unique_ptr<boost::asio::ssl::context> new_context() {
    auto made = std::make_unique<boost::asio::ssl::context>(boost::asio::ssl::context::tls_client);
    auto* const native = made->native_handle();
    if (SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_cipher_list(native, suites_of_tls_1_2) != 1) {
        throw std::runtime_error("OpenSSL cannot do TLS 1.2 here, so the ensemble cannot be reached safely");
    }
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
    return made;
}

}  // namespace

ensemble_credentials::ensemble_credentials(std::unique_ptr<boost::asio::ssl::context> context)
    : context_(std::move(context)) {}

ensemble_credentials::~ensemble_credentials() = default;

result<std::shared_ptr<ensemble_credentials>> ensemble_credentials::make(const tls::texts& from) {
    const std::shared_ptr<ensemble_credentials> made(new ensemble_credentials(new_context()));
    auto* const native = made->context().native_handle();
    if (const auto believed = tls::believe(native, from, "zookeeper"); !believed) return believed.error();
    if (from.certificates.empty()) return made;
    const auto shown = tls::show(native, from, "zookeeper");
    if (!shown) return shown.error();
    made->expires_ = shown->expires;
    return made;
}

tls::files credential_files(const zookeeper_options& of) {
    return {"zookeeper", of.tls_cert_file, of.tls_key_file, of.tls_ca_file};
}

result<> check_credentials(const zookeeper_options& of) {
    if (of.tls_ca_file.empty()) return {};
    const auto texts = tls::read(credential_files(of));
    if (!texts) return texts.error();
    const auto made = ensemble_credentials::make(*texts);
    if (!made) return made.error();
    return {};
}

}  // namespace penholder::zookeeper
