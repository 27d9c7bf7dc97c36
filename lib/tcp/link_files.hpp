#pragma once

#include "tls/files.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

namespace penholder::tcp {

inline constexpr tls::file_keys certificate_keys{"link.tls_cert_file", "link.tls_key_file", "link.tls_ca_file"};

/// Reads the files that the options name. Blocks as reading files does; any thread. Errors: invalid_configuration,
/// which names the key and the file: it cannot be read, is empty or too large, has more than two secrets, or others
/// than the node's user may read it though it is to be kept secret.
result<tls::material> read_link_material(const link_options& settings);

}  // namespace penholder::tcp
