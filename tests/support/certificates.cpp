#include "certificates.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <fstream>
#include <stdexcept>
#include <sys/stat.h>

namespace penholder::testing {
namespace {

std::shared_ptr<EVP_PKEY> new_key() {
    return {EVP_EC_gen("P-256"), EVP_PKEY_free};
}

template <class Write>
std::string pem_of(Write write) {
    const std::unique_ptr<BIO, void (*)(BIO*)> to(BIO_new(BIO_s_mem()), [](BIO* what) { BIO_free(what); });
    if (write(to.get()) != 1) throw std::runtime_error("a certificate or a key cannot be written");
    char* text = nullptr;
    const auto length = BIO_get_mem_data(to.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}

std::string pem_of(X509* what) {
    return pem_of([&](BIO* to) { return PEM_write_bio_X509(to, what); });
}

std::string pem_of(EVP_PKEY* what) {
    return pem_of([&](BIO* to) { return PEM_write_bio_PrivateKey(to, what, nullptr, nullptr, 0, nullptr, nullptr); });
}

void add_extension(X509* to, int kind, const std::string& value) {
    auto* const made = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    X509_add_ext(to, made, -1);
    X509_EXTENSION_free(made);
}

std::shared_ptr<X509> unsigned_certificate(const request_for_certificate& what, EVP_PKEY* key) {
    static std::atomic<long> serial = 1;
    std::shared_ptr<X509> made(X509_new(), X509_free);
    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial++);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), what.begins.count());
    X509_gmtime_adj(X509_getm_notAfter(made.get()), what.ends.count());
    X509_set_pubkey(made.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(what.common_name.c_str()), -1, -1, 0);
    return made;
}

}  // namespace

certificate_authority::certificate_authority() : key_(new_key()) {
    static std::atomic<int> number = 0;
    own_ = unsigned_certificate({.common_name = "test authority " + std::to_string(++number)}, key_.get());
    X509_set_issuer_name(own_.get(), X509_get_subject_name(own_.get()));
    add_extension(own_.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(own_.get(), NID_key_usage, "critical,keyCertSign");
    X509_sign(own_.get(), key_.get(), EVP_sha256());
    pem_ = pem_of(own_.get());
}

issued certificate_authority::issue(const request_for_certificate& what) const {
    const auto key = new_key();
    const auto made = unsigned_certificate(what, key.get());
    X509_set_issuer_name(made.get(), X509_get_subject_name(own_.get()));
    std::string names;
    for (const auto& one : what.dns_names) names += (names.empty() ? "DNS:" : ",DNS:") + one;
    for (const auto& one : what.addresses) names += (names.empty() ? "IP:" : ",IP:") + one;
    if (!names.empty()) add_extension(made.get(), NID_subject_alt_name, names);
    X509_sign(made.get(), key_.get(), EVP_sha256());
    return {pem_of(made.get()), pem_of(key.get())};
}

void replace_file(const std::filesystem::path& path, const std::string& text, unsigned mode) {
    const auto beside = path.string() + ".new";
    std::ofstream(beside, std::ios::binary) << text;
    ::chmod(beside.c_str(), static_cast<mode_t>(mode));
    std::filesystem::rename(beside, path);
}

}  // namespace penholder::testing
