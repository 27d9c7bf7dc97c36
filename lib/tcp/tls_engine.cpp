#include "tls_engine.hpp"

#include "tls/certificate.hpp"
#include "wire/handshake_errors.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/sslerr.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <new>
#include <stdexcept>
#include <utility>

namespace penholder::tcp {
namespace {

constexpr std::uint8_t record_alert = 21;
constexpr std::uint8_t record_handshake = 22;
// A fatal alert, handshake_failure: what any TLS, and a node that speaks none, understands as a refusal.
constexpr std::string_view alert{"\x15\x03\x03\x00\x02\x02\x28", 7};
constexpr std::array<unsigned char, 4> context_of_keys{'l', 'i', 'n', 'k'};  // OpenSSL wants one where keys are found.
constexpr std::array<unsigned char, 2> suite_of_keys{0x13, 0x01};            // TLS_AES_128_GCM_SHA256

SSL_SESSION* session_with(SSL* ssl, const wire::link_key& from) {
    auto* const made = SSL_SESSION_new();
    const bool sound = made != nullptr && SSL_SESSION_set1_master_key(made, from.key.data(), from.key.size()) == 1 &&
                       SSL_SESSION_set_cipher(made, SSL_CIPHER_find(ssl, suite_of_keys.data())) == 1 &&
                       SSL_SESSION_set_protocol_version(made, TLS1_3_VERSION) == 1;
    if (sound) return made;
    SSL_SESSION_free(made);
    return nullptr;
}

tls_engine& engine_of(SSL* ssl) {
    return *static_cast<tls_engine*>(SSL_get_app_data(ssl));
}

}  // namespace

/// What OpenSSL asks while the two ends agree.
struct tls_engine::callbacks {
    // The session becomes OpenSSL's; the identity is copied by it right after this.
    static int offer(SSL* ssl, const EVP_MD* hash, const unsigned char** identity, std::size_t* length,
                     SSL_SESSION** session) {
        auto& self = engine_of(ssl);
        *session = nullptr;
        *identity = nullptr;
        *length = 0;
        if (hash != nullptr && !EVP_MD_is_a(hash, "SHA256")) return 1;
        const auto& key = self.keys().front();
        *session = session_with(ssl, key);
        *identity = reinterpret_cast<const unsigned char*>(key.identity.data());
        *length = key.identity.size();
        return *session != nullptr ? 1 : 0;
    }

    static int find(SSL* ssl, const unsigned char* identity, std::size_t length, SSL_SESSION** session) {
        auto& self = engine_of(ssl);
        *session = nullptr;
        self.offered_.assign(reinterpret_cast<const char*>(identity), length);
        const auto& all = self.keys();
        const auto known = std::ranges::find(all, self.offered_, &wire::link_key::identity);
        if (known == all.end()) return 1;
        *session = session_with(ssl, *known);
        return *session != nullptr ? 1 : 0;
    }
};

void tls_engine::free_ssl::operator()(ssl_st* what) const noexcept {
    SSL_free(what);
}

tls_engine::tls_engine(std::shared_ptr<const link_credentials> by, tls_end end, std::string endpoint)
    : by_(std::move(by)),
      end_(end),
      endpoint_(std::move(endpoint)),
      ssl_(SSL_new(by_->context())),
      in_(BIO_new(BIO_s_mem())),
      out_(BIO_new(BIO_s_mem())) {
    if (!ssl_ || in_ == nullptr || out_ == nullptr) throw std::bad_alloc();
    SSL_set_bio(ssl_.get(), in_, out_);
    SSL_set_app_data(ssl_.get(), this);
    if (end_ == tls_end::dials) {
        SSL_set_connect_state(ssl_.get());
        if (!by_->secrets().empty()) SSL_set_psk_use_session_callback(ssl_.get(), callbacks::offer);
    } else {
        SSL_set_accept_state(ssl_.get());
        SSL_set_session_id_context(ssl_.get(), context_of_keys.data(), context_of_keys.size());
        if (!by_->secrets().empty()) SSL_set_psk_find_session_callback(ssl_.get(), callbacks::find);
    }
}

tls_engine::~tls_engine() = default;

/// Made once, however many identities a peer offers.
const std::vector<wire::link_key>& tls_engine::keys() {
    if (keys_.empty()) {
        for (const auto& secret : by_->secrets()) keys_.push_back(wire::make_link_key(secret, endpoint_));
    }
    return keys_;
}

tls_engine::progress tls_engine::agree() {
    if (refusal_) return progress::refused;
    ERR_clear_error();
    const int done = SSL_do_handshake(ssl_.get());
    if (done == 1) {
        if (has_proven_itself()) return progress::agreed;
        refuse(by_->secrets().empty() ? wire::no_certificate() : wire::secret_not_used());
        return progress::refused;
    }
    if (SSL_get_error(ssl_.get(), done) == SSL_ERROR_WANT_READ) return progress::needs_bytes;
    refuse(why_refused());
    return progress::refused;
}

/// OpenSSL has said so already where it should; a client that only offered a key once ended a handshake with somebody
/// who knew none of it.
bool tls_engine::has_proven_itself() const {
    if (!by_->secrets().empty()) return SSL_session_reused(ssl_.get()) == 1;
    return SSL_get0_peer_certificate(ssl_.get()) != nullptr && SSL_get_verify_result(ssl_.get()) == X509_V_OK;
}

void tls_engine::came(std::span<const std::uint8_t> bytes) {
    if (bytes.empty() || refusal_) return;
    const auto first = bytes.front();
    if (!std::exchange(has_begun_, true) && first != record_handshake && first != record_alert) {
        if (end_ == tls_end::accepts) farewell_ = alert;
        return refuse(wire::peer_speaks_no_tls());
    }
    BIO_write(in_, bytes.data(), static_cast<int>(bytes.size()));
}

std::string tls_engine::leaving() {
    std::string all(BIO_ctrl_pending(out_), '\0');
    if (!all.empty()) BIO_read(out_, all.data(), static_cast<int>(all.size()));
    return all + std::exchange(farewell_, {});
}

bool tls_engine::seal(std::string_view text) {
    if (refusal_) return false;
    ERR_clear_error();
    std::size_t written = 0;
    if (SSL_write_ex(ssl_.get(), text.data(), text.size(), &written) == 1) return true;
    refuse(why_refused());
    return false;
}

tls_engine::opened tls_engine::open(std::span<std::uint8_t> into) {
    using because = opened::because;
    std::size_t all = 0;
    while (!refusal_ && all < into.size()) {
        ERR_clear_error();
        std::size_t some = 0;
        const int read = SSL_read_ex(ssl_.get(), into.data() + all, into.size() - all, &some);
        all += some;
        if (read == 1) continue;
        const int why = SSL_get_error(ssl_.get(), read);
        if (why == SSL_ERROR_WANT_READ) return {all, because::needs_bytes};
        if (why == SSL_ERROR_ZERO_RETURN) return {all, because::ended};
        refuse(why_refused());
    }
    return {all, refusal_ ? because::refused : because::there_is_more};
}

std::optional<std::vector<std::string>> tls_engine::peer_names() const {
    const auto* shown = SSL_get0_peer_certificate(ssl_.get());
    if (!by_->secrets().empty() || shown == nullptr) return std::nullopt;
    return tls::names_in(*shown);
}

void tls_engine::refuse(error why) {
    if (!refusal_) refusal_ = std::move(why);
    ERR_clear_error();
}

error tls_engine::why_refused() const {
    const auto code = ERR_peek_last_error();
    const int reason = ERR_GET_REASON(code);
    if (!by_->secrets().empty()) return why_secret_refused(reason);
    if (const auto verified = SSL_get_verify_result(ssl_.get()); verified != X509_V_OK) {
        return wire::certificate_refused(X509_verify_cert_error_string(verified));
    }
    if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE || reason == SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE) {
        return wire::no_certificate();
    }
    const auto* text = ERR_reason_error_string(code);
    if (reason > SSL_AD_REASON_OFFSET) return wire::own_certificate_refused(text != nullptr ? text : "no reason");
    return wire::tls_failed(text != nullptr ? text : "no reason");
}

error tls_engine::why_secret_refused(int reason) const {
    if (end_ == tls_end::dials) {
        const bool is_told_no = reason == SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE ||
                                reason == SSL_R_SSLV3_ALERT_ILLEGAL_PARAMETER ||
                                reason == SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED;
        if (is_told_no) return wire::secret_refused(endpoint_);
        if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) return wire::secret_not_used();
    } else if (!SSL_is_init_finished(ssl_.get())) {
        const auto dialled = wire::dialled_endpoint(offered_);
        if (offered_.empty() && reason != SSL_R_UNSUPPORTED_PROTOCOL) return wire::no_secret_offered();
        if (dialled && *dialled != endpoint_) return wire::other_endpoint(*dialled, endpoint_);
        const bool known = std::ranges::find(keys_, offered_, &wire::link_key::identity) != keys_.end();
        if (!offered_.empty() && (!known || reason == SSL_R_BINDER_DOES_NOT_VERIFY)) return wire::other_secret();
    }
    const auto* text = ERR_reason_error_string(ERR_peek_last_error());
    return wire::tls_failed(text != nullptr ? text : "no reason");
}

}  // namespace penholder::tcp
