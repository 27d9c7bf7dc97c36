#pragma once

#include <penholder/error.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

struct x509_st;
struct evp_pkey_st;

namespace penholder::tls {

struct free_openssl {
    void operator()(x509_st* what) const noexcept;
    void operator()(evp_pkey_st* what) const noexcept;
};
using certificate = std::unique_ptr<x509_st, free_openssl>;
using private_key = std::unique_ptr<evp_pkey_st, free_openssl>;

/// All certificates of a text in PEM form; none where it holds none, or anything after one that cannot be read.
std::vector<certificate> read_certificates(const std::string& pem);

/// Null where there is none that can be read without a passphrase.
private_key read_private_key(const std::string& pem);

/// Which nodes it may be: its DNS names, or where it has none its common name; each as it is written there.
std::vector<std::string> names_in(const x509_st& one);

/// When it begins, and when it ends.
std::chrono::system_clock::time_point beginning_of(const x509_st& one);
std::chrono::system_clock::time_point end_of(const x509_st& one);

}  // namespace penholder::tls
