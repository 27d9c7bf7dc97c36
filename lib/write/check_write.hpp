#pragma once

#include <penholder/error.hpp>
#include <penholder/write.hpp>

#include <cstddef>
#include <string>

namespace penholder {

/// Bytes that a write takes on a link or in memory, give or take a few for each statement and parameter.
std::size_t size_of(const write& what) noexcept;

/// What can be said about a write before it is sent anywhere. An empty id is fine, the node gives one.
/// Errors: malformed_write, payload_too_large.
result<> check_write(const std::string& id, const write& what, std::size_t max_bytes);

}  // namespace penholder
