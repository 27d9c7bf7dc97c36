#pragma once

#include "link_credentials.hpp"
#include "link_files.hpp"
#include "tls/file_watch.hpp"
#include "tls_engine.hpp"
#include "transport.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <memory>
#include <string>

namespace penholder::tcp {

/// What protects this node's links at the moment: TLS by secrets or by certificates, or nothing. Shared by the node's
/// listener and its links, which begin each connection with it; on their executor. Once there is TLS there is no way
/// back to none.
class link_security {
public:
    explicit link_security(std::string node) : node_(std::move(node)) {}

    /// Connections that begin from now on have these; those that have begun keep theirs. Errors: invalid_configuration;
    /// then what was adopted before goes on.
    result<> adopt(const tls::material& what);

    bool is_plain() const noexcept { return !now_; }

    /// When the certificate of this node ends; nothing without one.
    std::optional<std::chrono::system_clock::time_point> expires() const noexcept;

    /// The end that dials `endpoint`, or the one that accepted and is known as `endpoint`.
    std::unique_ptr<transport> protect(stream_socket connected, tls_end end, std::string endpoint) const;

private:
    std::string node_;
    std::shared_ptr<const link_credentials> now_;  ///< Null: plain text.
};

/// What the options and their files say. Blocks as reading files does. Errors: invalid_configuration.
result<std::shared_ptr<link_security>> make_link_security(const link_options& settings, const std::string& node);

/// The same, kept as the files say until `files` is closed.
struct kept_link_security {
    std::shared_ptr<link_security> now;
    std::shared_ptr<tls::file_watch> files;
};

/// Used on `owner`; what blocks is done on `reading`, but for the first look. Errors: invalid_configuration.
result<kept_link_security> keep_link_security(const link_options& settings, const std::string& node,
                                              boost::asio::any_io_executor owner, boost::asio::any_io_executor reading);

}  // namespace penholder::tcp
