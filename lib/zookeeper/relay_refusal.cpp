#include "relay_refusal.hpp"

#include "tls/context.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/sslerr.h>
#include <openssl/x509_vfy.h>

#include <utility>

namespace penholder::zookeeper {
namespace {

namespace asio = boost::asio;
using cause = relay_refusal::cause;

std::string list(const std::vector<std::string>& names) {
    std::string all;
    for (const auto& each : names) all += (all.empty() ? "'" : ", '") + each + "'";
    return all.empty() ? "nobody" : all;
}

relay_refusal certificate_refused(const failed_handshake& what, std::string_view host) {
    if (what.verified == X509_V_ERR_HOSTNAME_MISMATCH || what.verified == X509_V_ERR_IP_ADDRESS_MISMATCH) {
        return {cause::other_name, "its certificate is for " + list(what.names) + " and not for '" + std::string(host) +
                                       "'; write the name in the certificate into zookeeper.hosts, or give the "
                                       "server one that has this name among its subject alternative names"};
    }
    const std::string said = X509_verify_cert_error_string(what.verified);
    const std::string found = "its certificate is not accepted: " + said;
    if (what.verified == X509_V_ERR_CERT_HAS_EXPIRED || what.verified == X509_V_ERR_CERT_NOT_YET_VALID) {
        return {cause::expired, found + "; give the server a new one, or see to the clocks"};
    }
    return {cause::untrusted,
            found + "; see that the file of zookeeper.tls_ca_file holds the certificate of its authority"};
}

bool is_no_tls(int why) noexcept {
    return why == SSL_R_WRONG_VERSION_NUMBER || why == SSL_R_PACKET_LENGTH_TOO_LONG || why == SSL_R_HTTP_REQUEST ||
           why == SSL_R_UNEXPECTED_MESSAGE;
}

relay_refusal refused_by_openssl(const failed_handshake& what, std::string_view host) {
    const int why = ERR_GET_REASON(static_cast<unsigned long>(what.failed.value()));
    if (why == SSL_R_CERTIFICATE_VERIFY_FAILED) return certificate_refused(what, host);
    if (is_no_tls(why)) {
        return {cause::not_tls,
                "it does not speak TLS on this port; write that of its secureClientPort into "
                "zookeeper.hosts"};
    }
    if (tls::refuses_certificate(static_cast<unsigned long>(what.failed.value()))) {
        return {cause::own_certificate,
                what.has_own_certificate
                    ? "it does not accept this node's certificate; see that its trust store has the authority of the "
                      "certificate in zookeeper.tls_cert_file, and that this has not ended"
                    : "it refuses a node without a certificate; set zookeeper.tls_cert_file and tls_key_file, or "
                      "ssl.clientAuth=none at the server"};
    }
    const auto* text = ERR_reason_error_string(static_cast<unsigned long>(what.failed.value()));
    return {cause::failed, "there is no TLS with it: " + std::string(text != nullptr ? text : "no reason given")};
}

}  // namespace

bool relay_refusal::is_of_tls() const noexcept {
    return why != cause::other_process && why != cause::unreachable;
}

std::string_view to_string(cause what) noexcept {
    switch (what) {
        case cause::other_process: return "other_process";
        case cause::unreachable: return "unreachable";
        case cause::timeout: return "timeout";
        case cause::closed: return "closed";
        case cause::not_tls: return "not_tls";
        case cause::untrusted: return "untrusted";
        case cause::expired: return "expired";
        case cause::other_name: return "other_name";
        case cause::own_certificate: return "own_certificate";
        case cause::failed: break;
    }
    return "failed";
}

relay_refusal explain(const failed_handshake& what, std::string_view host) {
    if (what.failed.category() == asio::error::get_ssl_category()) return refused_by_openssl(what, host);
    const bool is_closed = what.failed == asio::ssl::error::stream_truncated || what.failed == asio::error::eof ||
                           what.failed == asio::error::connection_reset || what.failed == asio::error::broken_pipe;
    if (is_closed) {
        return {cause::closed,
                "it closed the connection before TLS was agreed on; see that this is its secureClientPort, that it "
                "has a key store, and how many connections its maxClientCnxns allows"};
    }
    return {cause::failed, "there is no TLS with it: " + what.failed.message()};
}

}  // namespace penholder::zookeeper
