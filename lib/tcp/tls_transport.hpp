#pragma once

#include "tls_engine.hpp"
#include "transport.hpp"

#include <memory>

namespace penholder::tcp {

/// Bytes as `with` seals and opens them. Its end is told by the messages that it carries, not by TLS: who cuts it can
/// do no more than who cuts a plain one.
std::unique_ptr<transport> make_tls_transport(stream_socket connected, std::unique_ptr<tls_engine> with);

}  // namespace penholder::tcp
