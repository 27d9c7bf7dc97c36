#pragma once

// The one place that opens the C client's header.
#ifndef THREADED
#define THREADED
#endif
#include "reply.hpp"

#include <zookeeper/zookeeper.h>

#include <string>

namespace penholder::zookeeper {

/// The client's error code in our words.
failure to_failure(int code, std::string path);

stat to_stat(const Stat& from) noexcept;

}  // namespace penholder::zookeeper
