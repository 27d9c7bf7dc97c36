#pragma once

#include <penholder/error.hpp>

#include <string>

namespace penholder::config {

/// What a file beside the configuration keeps secret, without the newline at its end. Errors: invalid_configuration
/// where the file cannot be read, is blank, is larger than 64 KiB, is no regular file, may be read by everybody, or
/// written by others than its owner.
result<std::string> read_secret(const std::string& path);

}  // namespace penholder::config
