#pragma once

#include <cstddef>

struct pg_conn;

namespace penholder::postgres {

/// The most that one call takes, in bytes.
inline constexpr std::size_t measured_read_bytes = std::size_t{64} << 10U;

/// As PQconsumeInput, but takes no more than `measured_read_bytes` off the socket. libpq by itself reads on for as long
/// as the server is quick enough, so that one value could fill the memory within a single call. False where the
/// connection is lost.
///
/// Some system calls more than PQconsumeInput. Where there are no descriptors for it, libpq reads as it likes.
bool measured_read(pg_conn* handle);

}  // namespace penholder::postgres
