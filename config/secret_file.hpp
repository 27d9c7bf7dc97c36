#pragma once

#include <penholder/error.hpp>

#include <string>

namespace penholder::config {

/// What a file beside the configuration keeps secret.
struct secret {
    std::string value;    ///< Without the newline at its end.
    std::string warning;  ///< Set where the file's permissions let others read it.
};

/// Errors: invalid_configuration where the file cannot be read, is empty, is larger than 64 KiB, is no regular file, or
/// may be written by everybody.
result<secret> read_secret(const std::string& path);

}  // namespace penholder::config
