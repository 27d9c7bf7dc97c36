#include "zookeeper/relay_refusal.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/sslerr.h>
#include <openssl/x509_vfy.h>

#include <set>

using namespace penholder::zookeeper;
using Catch::Matchers::ContainsSubstring;
using why = relay_refusal::cause;

namespace {

boost::system::error_code said_by_openssl(int reason) {
    return {static_cast<int>(ERR_PACK(ERR_LIB_SSL, 0, reason)), boost::asio::error::get_ssl_category()};
}

relay_refusal by_certificate(long verified) {
    return explain({said_by_openssl(SSL_R_CERTIFICATE_VERIFY_FAILED), verified, {"zk1", "zk2"}, false}, "10.0.0.1");
}

relay_refusal by_code(const boost::system::error_code& failed) {
    return explain({failed, X509_V_OK, {}, false}, "zk1");
}

}  // namespace

TEST_CASE("a certificate that is refused is told from another's, and from one that has ended") {
    const auto name = by_certificate(X509_V_ERR_HOSTNAME_MISMATCH);
    CHECK(name.why == why::other_name);
    CHECK_THAT(name.message, ContainsSubstring("is for 'zk1', 'zk2' and not for '10.0.0.1'"));
    CHECK(by_certificate(X509_V_ERR_IP_ADDRESS_MISMATCH).why == why::other_name);
    CHECK(by_certificate(X509_V_ERR_CERT_HAS_EXPIRED).why == why::expired);
    CHECK(by_certificate(X509_V_ERR_CERT_NOT_YET_VALID).why == why::expired);
    CHECK(by_certificate(X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT).why == why::untrusted);
    CHECK(by_certificate(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY).why == why::untrusted);
}

TEST_CASE("what the server says of this node's certificate depends on whether it has one") {
    for (const int alert : {SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE, SSL_R_SSLV3_ALERT_BAD_CERTIFICATE,
                            SSL_R_TLSV1_ALERT_UNKNOWN_CA, SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED}) {
        const auto without = explain({said_by_openssl(alert), X509_V_OK, {}, false}, "zk1");
        CHECK(without.why == why::own_certificate);
        CHECK_THAT(without.message, ContainsSubstring("set zookeeper.tls_cert_file"));
        const auto with = explain({said_by_openssl(alert), X509_V_OK, {}, true}, "zk1");
        CHECK(with.why == why::own_certificate);
        CHECK_THAT(with.message, ContainsSubstring("trust store"));
    }
}

TEST_CASE("a server without TLS, one that closes, and anything else") {
    CHECK(by_code(said_by_openssl(SSL_R_WRONG_VERSION_NUMBER)).why == why::not_tls);
    CHECK(by_code(boost::asio::error::eof).why == why::closed);
    CHECK(by_code(boost::asio::error::connection_reset).why == why::closed);
    CHECK(by_code(boost::asio::ssl::error::stream_truncated).why == why::closed);
    OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS, nullptr);
    const auto old = by_code(said_by_openssl(SSL_R_UNSUPPORTED_PROTOCOL));
    CHECK(old.why == why::failed);
    CHECK_THAT(old.message, ContainsSubstring("unsupported protocol"));
    CHECK(by_code(boost::asio::error::no_memory).why == why::failed);
}

TEST_CASE("each reason has a word of its own, and only the network and strangers are none of the ensemble's") {
    std::set<std::string_view> words;
    for (int each = 0; each <= static_cast<int>(why::failed); ++each) {
        const relay_refusal one{static_cast<why>(each), {}};
        words.insert(to_string(one.why));
        CHECK(one.is_of_tls() == (one.why != why::other_process && one.why != why::unreachable));
    }
    CHECK(words.size() == static_cast<std::size_t>(why::failed) + 1);
}
