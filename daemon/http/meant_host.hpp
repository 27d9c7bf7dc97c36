#pragma once

#include "config/configuration.hpp"

#include <string_view>

namespace penholder::daemon {

/// Whether a request that names this host, with a port or without, is meant for this daemon. Who listens on loopback
/// has no other guard against a web page whose name was led to this machine (DNS rebinding): only names and addresses
/// of loopback are good there, and the host of http.advertise. Elsewhere, and where no host is named, all are.
bool is_meant(const config::http_options& settings, std::string_view host);

}  // namespace penholder::daemon
