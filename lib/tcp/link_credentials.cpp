#include "link_credentials.hpp"

#include "tls/context.hpp"
#include "wire/handshake_errors.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace penholder::tcp {
namespace {

constexpr auto suites = "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256";
constexpr auto curves = "X25519:P-256";

error unfit(std::string what) {
    return {errc::invalid_configuration, std::move(what)};
}

/// Why a peer that asks the same authorities would not take this certificate for such a use; null where it would.
const char* verdict_on(X509* own, STACK_OF(X509) * between, X509_STORE* authorities, int purpose) {
    auto* const asked = X509_STORE_CTX_new();
    X509_STORE_CTX_init(asked, authorities, own, between);
    X509_STORE_CTX_set_purpose(asked, purpose);
    const bool good = X509_verify_cert(asked) == 1;
    const auto* why = X509_verify_cert_error_string(X509_STORE_CTX_get_error(asked));
    X509_STORE_CTX_free(asked);
    ERR_clear_error();
    return good ? nullptr : why;
}

}  // namespace

void link_credentials::free_context::operator()(ssl_ctx_st* what) const noexcept {
    SSL_CTX_free(what);
}

link_credentials::link_credentials() : context_(SSL_CTX_new(TLS_method())) {
    auto* const context = context_.get();
    const bool made = context != nullptr && SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
                      SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
                      SSL_CTX_set_ciphersuites(context, suites) == 1 &&
                      SSL_CTX_set1_curves_list(context, curves) == 1 && SSL_CTX_set_num_tickets(context, 0) == 1;
    if (!made) throw std::runtime_error("OpenSSL cannot do TLS 1.3 here, so no link can be made safely");
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}

result<std::shared_ptr<const link_credentials>> link_credentials::make(const tls::material& from,
                                                                       const std::string& node) {
    std::shared_ptr<link_credentials> made(new link_credentials);
    if (!from.has_certificates()) {
        made->secrets_ = from.secrets;
    } else if (auto taken = made->take_certificates(from, node); !taken) {
        return taken.error();
    }
    return std::shared_ptr<const link_credentials>(std::move(made));
}

result<> link_credentials::take_certificates(const tls::material& from, const std::string& node) {
    auto* const context = context_.get();
    const auto own = tls::show(context, from.certificates, certificate_keys);
    if (!own) return own.error();
    if (const auto believed = tls::believe(context, from.certificates, certificate_keys); !believed)
        return believed.error();
    if (!wire::is_named(own->names, node)) {
        return unfit("the certificate of 'link.tls_cert_file' is for " + wire::list(own->names) +
                     ", and this node is '" + node +
                     "'; a node's certificate has its name as DNS name (or, without any, as common name)");
    }
    STACK_OF(X509)* between = nullptr;
    SSL_CTX_get0_chain_certs(context, &between);
    for (const int purpose : {X509_PURPOSE_SSL_SERVER, X509_PURPOSE_SSL_CLIENT}) {
        if (const auto* why =
                verdict_on(SSL_CTX_get0_certificate(context), between, SSL_CTX_get_cert_store(context), purpose)) {
            return unfit(
                "the certificate of 'link.tls_cert_file' would not be accepted by a node with this "
                "'link.tls_ca_file': " +
                std::string(why));
        }
    }
    expires_ = own->expires;
    return {};
}

}  // namespace penholder::tcp
