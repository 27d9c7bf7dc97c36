#pragma once

#include "files.hpp"

#include <penholder/error.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace boost::asio::ssl {
class context;
}

namespace penholder::tls {

/// Which end of a connection: the one that asks for it, whose peer always shows a certificate, or the one that answers,
/// whose peer has to where there are authorities for that.
enum class side : std::uint8_t { client, server };

/// What one end of connections goes by, TLS 1.2 or newer: whose certificates it believes, and what it shows. Never
/// changes: connections that have begun with it go on with it. Used on one thread.
class credentials {
public:
    /// A client without authorities believes those of the system. Errors: invalid_configuration, with the key whose
    /// file cannot be used.
    static result<std::shared_ptr<credentials>> make(side end, const texts& from, const file_keys& keys);
    ~credentials();

    boost::asio::ssl::context& context() noexcept { return *context_; }
    bool has_certificate() const noexcept { return expires_.has_value(); }

    /// What makes one's own certificate worthless now, if anything: it has ended, or not begun.
    std::optional<std::string> trouble() const;

    /// When one's own certificate ends; nothing without one.
    const std::optional<std::chrono::system_clock::time_point>& expires() const noexcept { return expires_; }

private:
    explicit credentials(std::unique_ptr<boost::asio::ssl::context> context);

    std::unique_ptr<boost::asio::ssl::context> context_;
    std::chrono::system_clock::time_point begins_{};
    std::optional<std::chrono::system_clock::time_point> expires_;
};

/// What those files hold. Blocks as reading files does. Errors: invalid_configuration.
result<std::shared_ptr<credentials>> read_credentials(side end, const files& which);

}  // namespace penholder::tls
