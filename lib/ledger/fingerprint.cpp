#include "fingerprint.hpp"

#include "sql/meaning.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace penholder::ledger {
namespace {

void append_number(std::string& text, std::uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8) text += static_cast<char>((number >> shift) & 0xFFU);
}

void append_string(std::string& text, const std::string& value) {
    append_number(text, value.size());
    text += value;
}

void append_values(std::string& text, const statement& one) {
    append_number(text, one.params().size());
    for (const auto& param : one.params()) {
        text += param ? 'v' : 'n';
        if (param) append_string(text, *param);
    }
    text += one.expected_rows() ? 'e' : 'a';
    if (one.expected_rows()) append_number(text, *one.expected_rows());
}

std::array<char, 32> sha256(const std::string& text) {
    std::array<char, 32> made{};
    unsigned length = 0;
    auto* into = reinterpret_cast<unsigned char*>(made.data());
    if (EVP_Digest(text.data(), text.size(), into, &length, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("OpenSSL offers no SHA-256");
    }
    return made;
}

}  // namespace

fingerprints::digest fingerprints::digest_of(const std::string& sql) {
    return sha256(sql::meaning_of(sql));
}

std::string fingerprints::of(const write& what) {
    std::string text;
    for (const auto& one : what.statements()) {
        const auto& meaning = meanings_.of(one.sql(), digest_of);
        text.append(meaning.data(), meaning.size());
        append_values(text, one);
    }
    constexpr std::size_t kept = 16;
    return {sha256(text).data(), kept};
}

}  // namespace penholder::ledger
