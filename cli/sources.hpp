#pragma once

#include "cli/arguments.hpp"
#include "cli/nodes/node_client.hpp"
#include "config/configuration.hpp"
#include "tls/credentials.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace penholder::cli {

/// Where the truth can be had: flags first, then the environment, then the configuration file.
struct sources {
    zookeeper_options ensemble;  ///< `hosts` is empty where nobody said where the ensemble is.
    std::vector<node_url> nodes;
    std::string token;                        ///< For nodes' HTTP; empty for none.
    std::string operator_token;               ///< For handover, resign, pause and resume.
    std::shared_ptr<tls::credentials> trust;  ///< For nodes' HTTP by TLS.
    std::optional<config::configuration> configured;

    bool has_ensemble() const noexcept { return !ensemble.hosts.empty(); }
    /// That token, where it may be sent there: to this machine, to a node that the operator named, and to what stands
    /// in an ensemble to which others cannot write. Errors: unauthorized, with the flag that vouches for the address.
    result<std::string> token_for(const node_url& where, const std::string& which) const;
    /// To ask that node with that token.
    node_client client(const node_url& where, std::string token) const { return {where, std::move(token), trust}; }

    bool nowhere() const noexcept { return !has_ensemble() && nodes.empty(); }
};

/// Errors: invalid_argument, invalid_configuration.
result<sources> find_sources(const arguments& asked, const config::environment& variables);

}  // namespace penholder::cli
