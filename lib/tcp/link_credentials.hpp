#pragma once

#include "link_files.hpp"

#include <penholder/error.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct ssl_ctx_st;

namespace penholder::tcp {

/// What TLS on this node's links works with, made of its secrets or certificates. Never changes: links that have begun
/// with it go on with it, also when others took its place. Any thread.
class link_credentials {
public:
    /// Errors: invalid_configuration: what is wrong with the certificates, by the names of their keys.
    static result<std::shared_ptr<const link_credentials>> make(const tls::material& from, const std::string& node);

    /// TLS 1.3 alone, for both ends of a connection. Without certificates nothing is trusted but the secrets.
    ssl_ctx_st* context() const noexcept { return context_.get(); }

    /// Empty where there are certificates.
    const std::vector<std::string>& secrets() const noexcept { return secrets_; }

    /// When this node's certificate ends; nothing without one.
    const std::optional<std::chrono::system_clock::time_point>& expires() const noexcept { return expires_; }

private:
    struct free_context {
        void operator()(ssl_ctx_st* what) const noexcept;
    };

    link_credentials();
    result<> take_certificates(const tls::material& from, const std::string& node);

    std::unique_ptr<ssl_ctx_st, free_context> context_;
    std::vector<std::string> secrets_;
    std::optional<std::chrono::system_clock::time_point> expires_;
};

}  // namespace penholder::tcp
