#include "check_write.hpp"

#include "model/ids.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>

namespace penholder {
namespace {

constexpr std::size_t overhead_bytes = 16;
constexpr std::size_t max_parameters = 65535;  // PostgreSQL's protocol counts them in 16 bits.

bool has_nul(std::string_view text) {
    return text.find('\0') != std::string_view::npos;
}

error malformed(std::size_t index, const std::string& what) {
    return {errc::malformed_write, "statement " + std::to_string(index) + " " + what};
}

result<> check_statement(const statement& one, std::size_t index) {
    if (one.sql().empty()) return malformed(index, "is empty; leave it out");
    if (one.params().size() > max_parameters) {
        return malformed(index, "has " + std::to_string(one.params().size()) +
                                    " parameters, PostgreSQL takes 65535; pass an array instead");
    }
    const bool nul_in_params =
        std::ranges::any_of(one.params(), [](const parameter& value) { return value && has_nul(*value); });
    if (has_nul(one.sql()) || nul_in_params) {
        return malformed(index, "contains a zero byte, which PostgreSQL's text cannot hold; send bytea in hex form");
    }
    return {};
}

}  // namespace

std::size_t size_of(const write& what) noexcept {
    std::size_t bytes = what.id().size() + overhead_bytes;
    for (const auto& one : what.statements()) {
        bytes += one.sql().size() + overhead_bytes;
        for (const auto& value : one.params()) bytes += overhead_bytes + (value ? value->size() : 0);
    }
    return bytes;
}

result<> check_write(const std::string& id, const write& what, std::size_t max_bytes) {
    if (!id.empty() && !parse_origin_write_id(id)) {
        if (auto checked = check_key(id); !checked) return checked;
    }
    if (what.statements().empty()) return error{errc::malformed_write, "the write has no statements; add at least one"};
    if (what.deadline() && *what.deadline() <= std::chrono::milliseconds::zero()) {
        return error{errc::malformed_write, "the write's deadline must be at least 1 ms"};
    }
    for (std::size_t i = 0; i < what.statements().size(); ++i) {
        if (auto checked = check_statement(what.statements()[i], i); !checked) return checked;
    }
    if (const auto bytes = size_of(what); bytes > max_bytes) {
        return error{errc::payload_too_large, "the write takes about " + std::to_string(bytes) + " bytes, at most " +
                                                  std::to_string(max_bytes) + " are accepted; split it"};
    }
    return {};
}

}  // namespace penholder
