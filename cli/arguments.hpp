#pragma once

#include "cli/render/renderer.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace penholder::cli {

/// What every command can be told. Filled by the command line, read by the commands.
struct arguments {
    format output = format::table;
    std::string group;  ///< Empty: all of them, or the only one.
    std::string config_file;
    std::string zookeeper;         ///< "host:port,…"
    std::string root;              ///< Of the znodes; empty: the default.
    std::string digest_file;       ///< Holds "user:password" for the ensemble.
    std::string ensemble_ca_file;  ///< Of zookeeper.tls_ca_file's kind, as the next two.
    std::string ensemble_cert_file;
    std::string ensemble_key_file;
    std::vector<std::string> nodes;  ///< URLs of nodes' HTTP.
    std::string ca_file;             ///< For nodes' HTTP by TLS, as the next two.
    std::string cert_file;
    std::string key_file;
    std::string token_file;  ///< Holds the bearer token for nodes' HTTP.
    std::optional<std::chrono::milliseconds> timeout;

    std::chrono::milliseconds within(std::chrono::milliseconds usual) const { return timeout.value_or(usual); }
};

/// How long reading commands try, and commands that wait for the group to change.
inline constexpr std::chrono::milliseconds reading_time{5000};
inline constexpr std::chrono::milliseconds changing_time{30000};

}  // namespace penholder::cli
