#include "link_credentials.hpp"

#include "certificate.hpp"
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

result<std::shared_ptr<const link_credentials>> link_credentials::make(const link_material& from,
                                                                       const std::string& node) {
    std::shared_ptr<link_credentials> made(new link_credentials);
    if (!from.has_certificates()) {
        made->secrets_ = from.secrets;
    } else if (auto taken = made->take_certificates(from, node); !taken) {
        return taken.error();
    }
    return std::shared_ptr<const link_credentials>(std::move(made));
}

result<> link_credentials::take_certificates(const link_material& from, const std::string& node) {
    auto* const context = context_.get();
    const auto own = read_certificates(from.certificates);
    if (own.empty()) return unfit("the file of 'link.tls_cert_file' holds no certificate in PEM form");
    const auto key = read_private_key(from.private_key);
    if (!key) return unfit("the file of 'link.tls_key_file' holds no private key in PEM form without a passphrase");
    if (SSL_CTX_use_certificate(context, own.front().get()) != 1) {
        ERR_clear_error();
        return unfit("the certificate of 'link.tls_cert_file' cannot be used: its key is too weak or of no known kind");
    }
    if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
        ERR_clear_error();
        return unfit("the key of 'link.tls_key_file' is not that of the certificate in 'link.tls_cert_file'");
    }
    for (std::size_t i = 1; i < own.size(); ++i) SSL_CTX_add1_chain_cert(context, own[i].get());
    const auto authorities = read_certificates(from.authorities);
    if (authorities.empty()) return unfit("the file of 'link.tls_ca_file' holds no certificate in PEM form");
    auto* const store = SSL_CTX_get_cert_store(context);
    for (const auto& one : authorities) X509_STORE_add_cert(store, one.get());
    const auto names = names_in(*own.front());
    if (!wire::is_named(names, node)) {
        return unfit("the certificate of 'link.tls_cert_file' is for " + wire::list(names) + ", and this node is '" +
                     node + "'; a node's certificate has its name as DNS name (or, without any, as common name)");
    }
    STACK_OF(X509)* between = nullptr;
    SSL_CTX_get0_chain_certs(context, &between);
    for (const int purpose : {X509_PURPOSE_SSL_SERVER, X509_PURPOSE_SSL_CLIENT}) {
        if (const auto* why = verdict_on(own.front().get(), between, store, purpose)) {
            return unfit(
                "the certificate of 'link.tls_cert_file' would not be accepted by a node with this "
                "'link.tls_ca_file': " +
                std::string(why));
        }
    }
    expires_ = end_of(*own.front());
    return {};
}

}  // namespace penholder::tcp
