#include "certificate.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <string_view>

namespace penholder::tls {
namespace {

struct free_bio {
    void operator()(BIO* what) const noexcept { BIO_free(what); }
};

std::unique_ptr<BIO, free_bio> reader_of(const std::string& text) {
    return std::unique_ptr<BIO, free_bio>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Nobody is there who could type one.
int no_passphrase(char*, int, int, void*) {
    return -1;
}

std::string text_of(const ASN1_STRING& from) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(&from)),
            static_cast<std::size_t>(ASN1_STRING_length(&from))};
}

std::vector<std::string> dns_names(const X509& one) {
    std::vector<std::string> found;
    auto* const all = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&one, NID_subject_alt_name, nullptr, nullptr));
    for (int i = 0; i < sk_GENERAL_NAME_num(all); ++i) {
        const auto* name = sk_GENERAL_NAME_value(all, i);
        if (name->type == GEN_DNS) found.push_back(text_of(*name->d.dNSName));
    }
    GENERAL_NAMES_free(all);
    return found;
}

std::chrono::system_clock::time_point time_of(const ASN1_TIME& written) {
    std::tm when{};
    if (ASN1_TIME_to_tm(&written, &when) != 1) return {};
    return std::chrono::system_clock::from_time_t(::timegm(&when));
}

}  // namespace

void free_openssl::operator()(x509_st* what) const noexcept {
    X509_free(what);
}

void free_openssl::operator()(evp_pkey_st* what) const noexcept {
    EVP_PKEY_free(what);
}

std::vector<certificate> read_certificates(const std::string& pem) {
    std::vector<certificate> found;
    const auto from = reader_of(pem);
    while (auto* next = PEM_read_bio_X509(from.get(), nullptr, no_passphrase, nullptr)) found.emplace_back(next);
    const bool is_whole = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    if (!is_whole) found.clear();
    return found;
}

private_key read_private_key(const std::string& pem) {
    private_key found(PEM_read_bio_PrivateKey(reader_of(pem).get(), nullptr, no_passphrase, nullptr));
    ERR_clear_error();
    return found;
}

std::vector<std::string> names_in(const x509_st& one) {
    auto found = dns_names(one);
    if (!found.empty()) return found;
    const auto* subject = X509_get_subject_name(&one);
    const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at >= 0) found.push_back(text_of(*X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))));
    return found;
}

std::chrono::system_clock::time_point beginning_of(const x509_st& one) {
    return time_of(*X509_get0_notBefore(&one));
}

std::chrono::system_clock::time_point end_of(const x509_st& one) {
    return time_of(*X509_get0_notAfter(&one));
}

}  // namespace penholder::tls
