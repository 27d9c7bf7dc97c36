#pragma once

#include "configuration.hpp"
#include "tls/files.hpp"

namespace penholder::config {

/// Where HTTP's certificates are kept. There is TLS where there is one of its own.
tls::files http_files(const http_options& of);

}  // namespace penholder::config
