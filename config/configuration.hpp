#pragma once

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::config {

/// How applications and operators reach the daemon. Source: `[http]`.
struct http_options {
    std::string listen;     ///< "host:port" or "unix:/path"; empty: no HTTP.
    std::string advertise;  ///< What operators' tools connect to, where that differs from `listen`.
    /// Bearer tokens of applications, as in access_tokens.hpp; empty only on loopback and unix sockets.
    std::string token;
    /// Bearer tokens for handover, resign, pause and resume; empty: those of `token` hold for them.
    std::string operator_token;
    std::string tls_cert_file;       ///< With it HTTP is HTTPS: the node's certificate, then those up to its authority.
    std::string tls_key_file;        ///< Its key.
    std::string tls_client_ca_file;  ///< Whose certificates clients have to show; empty: they need none.
    std::size_t max_body_bytes = 1024 * 1024;
    std::size_t max_connections = 1024;
    int request_timeout_ms = 10000;     ///< For a whole request to arrive, once its first byte has.
    int idle_timeout_ms = 60000;        ///< For a kept-alive connection that asks nothing.
    int heartbeat_ms = 15000;           ///< Between comments on an event stream that has nothing to tell.
    std::size_t event_queue_max = 256;  ///< Events that a slow reader may lag behind before it is cut.
};

/// What the daemon says, and where. Source: `[log]`.
struct log_options {
    std::string level = "info";   ///< trace, debug, info, warning, error or off.
    std::string format = "text";  ///< text or json.
    std::string file;             ///< Empty: stderr. SIGHUP opens it anew.
};

/// All of `penholderd.toml`. `node.http_endpoint` is filled from `[http]`.
struct configuration {
    options node;
    http_options http;
    log_options log;
    int stop_grace_ms = 10000;    ///< `[node]`: how long SIGTERM waits for the application to be quiet, at most.
    int stop_timeout_ms = 10000;  ///< `[node]`: how long SIGTERM waits for leadership and writes to be handed over.
    /// The files that secrets were read from, by the key that they stand for: "http.token".
    std::map<std::string, std::string> secret_files;
    std::vector<std::string> warnings;  ///< What works but deserves a look, each "file:line:column: message".
};

/// Where `${NAME}` gets its value from: nothing when there is no such variable.
using environment = std::function<std::optional<std::string>(const std::string& name)>;

/// The process's own environment variables.
environment process_environment();

/// Reads a configuration file and checks it as a whole. The error's message has one line for each problem,
/// "file:line:column: what is wrong and what to do". Errors: invalid_configuration.
result<configuration> read(const std::string& path, const environment& variables = process_environment());

/// As `read`, from text; `source` stands for the file's name in messages. Secrets in files are found relative to
/// the working directory.
result<configuration> parse(std::string_view text, const std::string& source, const environment& variables);

}  // namespace penholder::config
