#include "context.hpp"

#include "certificate.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

namespace penholder::tls {
namespace {

error unfit(std::string_view what, std::string_view key, std::string_view why) {
    ERR_clear_error();
    return {errc::invalid_configuration,
            "the " + std::string(what) + " of '" + std::string(key) + "' " + std::string(why)};
}

}  // namespace

result<own_certificate> show(ssl_ctx_st* in, const texts& what, const file_keys& keys) {
    const auto own = read_certificates(what.certificates);
    if (own.empty())
        return unfit("file", keys.certificates,
                     "holds no certificate in PEM form, or something beside it that cannot be read");
    const auto key = read_private_key(what.private_key);
    if (!key) return unfit("file", keys.private_key, "holds no private key in PEM form without a passphrase");
    if (SSL_CTX_use_certificate(in, own.front().get()) != 1) {
        return unfit("certificate", keys.certificates, "cannot be used: its key is too weak or of no known kind");
    }
    if (SSL_CTX_use_PrivateKey(in, key.get()) != 1 || SSL_CTX_check_private_key(in) != 1) {
        return unfit("key", keys.private_key,
                     "is not that of the certificate in '" + std::string(keys.certificates) + "'");
    }
    for (std::size_t i = 1; i < own.size(); ++i) SSL_CTX_add1_chain_cert(in, own[i].get());
    return own_certificate{names_in(*own.front()), beginning_of(*own.front()), end_of(*own.front())};
}

result<> believe(ssl_ctx_st* in, const texts& what, const file_keys& keys) {
    const auto authorities = read_certificates(what.authorities);
    if (authorities.empty())
        return unfit("file", keys.authorities,
                     "holds no certificate in PEM form, or something beside it that cannot be read");
    for (const auto& one : authorities) X509_STORE_add_cert(SSL_CTX_get_cert_store(in), one.get());
    ERR_clear_error();  // One that is there twice.
    return {};
}

void expect_host(ssl_st* of, const std::string& host) {
    auto* const wanted = SSL_get0_param(of);
    if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1) return;
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (X509_VERIFY_PARAM_set1_host(wanted, host.data(), host.size()) != 1) {
        SSL_set_verify(of, SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 0; });
    }
    SSL_set_tlsext_host_name(of, host.c_str());
}

bool refuses_certificate(unsigned long failed) noexcept {
    const int why = ERR_GET_REASON(failed);
    return why == SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE || why == SSL_R_SSLV3_ALERT_BAD_CERTIFICATE ||
           why == SSL_R_TLSV1_ALERT_UNKNOWN_CA || why == SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN ||
           why == SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED || why == SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED ||
           why == SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE || why == SSL_R_TLSV1_ALERT_ACCESS_DENIED ||
           why == SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED;
}

}  // namespace penholder::tls
