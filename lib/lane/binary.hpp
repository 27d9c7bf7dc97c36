#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace penholder::lane {

/// Values in PostgreSQL's binary format, which for bytes is half the size of the text format.
std::string int8_bytes(std::uint64_t value);
std::string text_array_bytes(const std::vector<std::string>& values);
std::string bytea_array_bytes(const std::vector<std::string>& values);

}  // namespace penholder::lane
