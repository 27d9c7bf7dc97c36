#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

struct evp_pkey_st;
struct x509_st;

namespace penholder::testing {

/// A certificate and its key, in PEM form.
struct issued {
    std::string certificate;
    std::string key;
};

/// Whom a certificate is for, and for how long.
struct request_for_certificate {
    std::vector<std::string> dns_names{};
    std::vector<std::string> addresses{};
    std::string common_name = "penholder test";
    std::chrono::seconds begins{-3600};  ///< From now.
    std::chrono::seconds ends{90 * 24 * 3600};
};

/// Somebody whom nodes trust, or do not.
class certificate_authority {
public:
    certificate_authority();

    issued issue(const request_for_certificate& what) const;
    issued issue_to(const std::string& node) const { return issue({.dns_names = {node}}); }
    /// For a server on this machine, which is known by its number.
    issued issue_to_loopback() const { return issue({.addresses = {"127.0.0.1"}}); }
    const std::string& certificate() const noexcept { return pem_; }

private:
    std::shared_ptr<evp_pkey_st> key_;
    std::shared_ptr<x509_st> own_;
    std::string pem_;
};

/// Puts the text into the file at once, as an operator's tool should: a reader sees the old file or the new one.
void replace_file(const std::filesystem::path& path, const std::string& text, unsigned mode = 0600);

}  // namespace penholder::testing
