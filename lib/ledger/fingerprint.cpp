#include "fingerprint.hpp"

#include <openssl/evp.h>

#include <array>
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

void append_statement(std::string& text, const statement& one) {
    append_string(text, one.sql());
    append_number(text, one.params().size());
    for (const auto& param : one.params()) {
        text += param ? 'v' : 'n';
        if (param) append_string(text, *param);
    }
    text += one.expected_rows() ? 'e' : 'a';
    if (one.expected_rows()) append_number(text, *one.expected_rows());
}

}  // namespace

std::string fingerprint(const write& what) {
    std::string text;
    for (const auto& one : what.statements()) append_statement(text, one);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("OpenSSL offers no SHA-256");
    }
    return {reinterpret_cast<const char*>(digest.data()), 16};
}

}  // namespace penholder::ledger
