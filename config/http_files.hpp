#pragma once

#include "configuration.hpp"
#include "tls/files.hpp"

#include <string>

namespace penholder::config {

/// Where HTTP's certificates are kept. There is TLS where there is one of its own.
tls::files http_files(const http_options& of);

/// What operators' tools are told of an address: itself, or "https://host:port" where it speaks TLS.
std::string published(const http_options& of, const std::string& where);

}  // namespace penholder::config
