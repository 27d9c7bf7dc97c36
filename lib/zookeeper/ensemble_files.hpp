#pragma once

#include "tls/files.hpp"

#include <penholder/options.hpp>

namespace penholder::zookeeper {

/// Where the options keep what TLS to the ensemble goes by. There is TLS where there are authorities.
tls::files ensemble_files(const zookeeper_options& of);

}  // namespace penholder::zookeeper
