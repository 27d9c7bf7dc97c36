#include "authority.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <stdexcept>
#include <string>

namespace penholder::wire {
namespace {

// Each part is preceded by its length, so that no two different conversations read the same.
template <class Bytes>
void append_part(std::string& out, const Bytes& part) {
    for (unsigned shift = 56;; shift -= 8) {
        out.push_back(static_cast<char>((std::uint64_t{part.size()} >> shift) & 0xFFU));
        if (shift == 0) break;
    }
    out.append(part.begin(), part.end());
}

std::string transcript(side whose, const hello& from_follower, const challenge& from_leader) {
    std::string out = "penholder link 1";
    out.push_back(static_cast<char>(whose));
    append_part(out, from_follower.nonce);
    append_part(out, from_leader.nonce);
    append_part(out, from_follower.group);
    append_part(out, from_follower.node);
    append_part(out, from_follower.life.text());
    append_part(out, from_leader.node);
    append_part(out, from_leader.life.text());
    return out;
}

}  // namespace

nonce make_nonce() {
    nonce made;
    if (RAND_bytes(made.data(), static_cast<int>(made.size())) != 1) {
        throw std::runtime_error("the system gives no random bytes, so no link can be made safely");
    }
    return made;
}

proof_bytes prove(std::string_view secret, side whose, const hello& from_follower, const challenge& from_leader) {
    proof_bytes made{};
    if (secret.empty()) return made;
    const auto text = transcript(whose, from_follower, from_leader);
    unsigned length = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), made.data(), &length);
    return made;
}

bool same_proof(const proof_bytes& one, const proof_bytes& other) noexcept {
    return CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace penholder::wire
