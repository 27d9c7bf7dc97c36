#pragma once

#include "files.hpp"

#include <penholder/error.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

struct ssl_ctx_st;
struct ssl_st;

namespace penholder::tls {

/// What TLS goes by on one side is put into a context of OpenSSL's here, and nowhere else. All errors are
/// invalid_configuration and name the key whose file cannot be used.

/// One's own certificate, those between it and the authority, and its key.
struct own_certificate {
    std::vector<std::string> names;  ///< As of `names_in`.
    std::chrono::system_clock::time_point begins{};
    std::chrono::system_clock::time_point expires{};
};
result<own_certificate> show(ssl_ctx_st* in, const texts& what, const file_keys& keys);

/// Certificates of these authorities, and of no others, are believed.
result<> believe(ssl_ctx_st* in, const texts& what, const file_keys& keys);

/// The peer has to have a certificate for that host: for its number where it is one, else for the name, which it is
/// told.
void expect_host(ssl_st* of, const std::string& host);

/// Whether the peer has said by this error of OpenSSL's that it does not accept one's certificate, or wants one. By
/// TLS 1.3 that comes with the first read; nothing that was sent before has been looked at.
bool refuses_certificate(unsigned long failed) noexcept;

}  // namespace penholder::tls
