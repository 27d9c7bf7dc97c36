#include "binary.hpp"

namespace penholder::lane {
namespace {

constexpr std::uint32_t bytea_oid = 17;
constexpr std::uint32_t text_oid = 25;

void append_int4(std::string& bytes, std::uint64_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>((value >> shift) & 0xFFU);
}

std::string array_bytes(std::uint32_t element, const std::vector<std::string>& values) {
    std::string bytes;
    append_int4(bytes, values.empty() ? 0 : 1);  // dimensions
    append_int4(bytes, 0);                       // no nulls
    append_int4(bytes, element);
    if (values.empty()) return bytes;
    append_int4(bytes, values.size());
    append_int4(bytes, 1);  // lower bound
    for (const auto& value : values) {
        append_int4(bytes, value.size());
        bytes += value;
    }
    return bytes;
}

}  // namespace

std::string int8_bytes(std::uint64_t value) {
    std::string bytes;
    append_int4(bytes, value >> 32U);
    append_int4(bytes, value & 0xFFFFFFFFU);
    return bytes;
}

std::string text_array_bytes(const std::vector<std::string>& values) {
    return array_bytes(text_oid, values);
}

std::string bytea_array_bytes(const std::vector<std::string>& values) {
    return array_bytes(bytea_oid, values);
}

}  // namespace penholder::lane
