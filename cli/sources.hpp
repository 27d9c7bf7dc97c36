#pragma once

#include "cli/arguments.hpp"
#include "config/configuration.hpp"
#include "model/address.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <optional>
#include <string>
#include <vector>

namespace penholder::cli {

/// Where the truth can be had: flags first, then the environment, then the configuration file.
struct sources {
    zookeeper_options ensemble;  ///< `hosts` is empty where nobody said where the ensemble is.
    std::vector<address> nodes;
    std::string token;           ///< For nodes' HTTP; empty for none.
    std::string operator_token;  ///< For handover, resign, pause and resume.
    std::optional<config::configuration> configured;

    bool has_ensemble() const noexcept { return !ensemble.hosts.empty(); }
    /// That token, where it may be sent there: to this machine, to a node that the operator named, and to what stands
    /// in an ensemble to which others cannot write. Errors: unauthorized, with the flag that vouches for the address.
    result<std::string> token_for(const address& where, const std::string& which) const;

    bool nowhere() const noexcept { return !has_ensemble() && nodes.empty(); }
};

/// Errors: invalid_argument, invalid_configuration.
result<sources> find_sources(const arguments& asked, const config::environment& variables);

}  // namespace penholder::cli
