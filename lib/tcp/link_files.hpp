#pragma once

#include "tls/files.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <string>
#include <vector>

namespace penholder::tcp {

/// What protects a node's links, as its options and their files say at one moment: secrets, certificates, or nothing.
struct link_material {
    std::vector<std::string> secrets;  ///< The first is for dialling, each lets a peer in; at most two.
    tls::texts certificates;

    bool has_certificates() const noexcept { return !certificates.certificates.empty(); }
    bool is_empty() const noexcept { return secrets.empty() && !has_certificates(); }
    friend bool operator==(const link_material&, const link_material&) = default;
};

/// Reads the files that the options name. Blocks as reading files does; any thread. Errors: invalid_configuration,
/// which names the key and the file: it cannot be read, is empty or too large, has more than two secrets, or others
/// than the node's user may read it though it is to be kept secret.
result<link_material> read_link_material(const link_options& settings);

}  // namespace penholder::tcp
