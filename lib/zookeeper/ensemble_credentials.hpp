#pragma once

#include "tls/files.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <chrono>
#include <memory>
#include <optional>

namespace boost::asio::ssl {
class context;
}

namespace penholder::zookeeper {

/// What TLS to the ensemble goes by: whose certificates servers may have, and what this node shows them. Never changes:
/// connections that have begun with it go on with it. Used on the relay's thread.
class ensemble_credentials {
public:
    /// Errors: invalid_configuration, with the key whose file cannot be used.
    static result<std::shared_ptr<ensemble_credentials>> make(const tls::texts& from);
    ~ensemble_credentials();

    /// TLS 1.2 or newer, for the end that connects. It believes those authorities alone.
    boost::asio::ssl::context& context() noexcept { return *context_; }
    bool has_certificate() const noexcept { return expires_.has_value(); }

    /// When this node's certificate ends; nothing without one.
    const std::optional<std::chrono::system_clock::time_point>& expires() const noexcept { return expires_; }

private:
    explicit ensemble_credentials(std::unique_ptr<boost::asio::ssl::context> context);

    std::unique_ptr<boost::asio::ssl::context> context_;
    std::optional<std::chrono::system_clock::time_point> expires_;
};

/// Where the options say that it is.
tls::files credential_files(const zookeeper_options& of);

/// Whether those files can be used, where there are any. Blocks as reading files does. Errors: invalid_configuration.
result<> check_credentials(const zookeeper_options& of);

}  // namespace penholder::zookeeper
