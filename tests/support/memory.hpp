#pragma once

#include <cstddef>
#include <sys/types.h>

namespace penholder::testing {

/// What a process holds in memory at this moment (its resident set); of this process where none is named.
std::size_t resident_bytes(pid_t of = 0);

/// The most that it has ever held.
std::size_t peak_resident_bytes(pid_t of);

}  // namespace penholder::testing
