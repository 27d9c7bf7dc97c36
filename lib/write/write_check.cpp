#include "write_check.hpp"

#include "model/trace_id.hpp"
#include "sql/relative_time.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <string_view>
#include <utility>

namespace penholder {
namespace {

constexpr std::size_t overhead_bytes = 16;
constexpr std::size_t max_parameters = 65535;  // PostgreSQL's protocol counts them in 16 bits.

error malformed(std::size_t index, const std::string& what) {
    return {errc::malformed_write, "statement " + std::to_string(index) + " " + what, {}, index};
}

/// PostgreSQL's own words stay as they are.
error in_statement(error why, std::size_t index) {
    why.statement = index;
    if (why.sqlstate.empty()) why.message = "statement " + std::to_string(index) + ": " + why.message;
    return why;
}

bool has_nul(const parameter& value) {
    return value && value->find('\0') != std::string::npos;
}

result<> check_statement(const statement& one, std::size_t index) {
    if (one.sql().empty()) return malformed(index, "is empty; leave it out");
    if (one.sql().find('\0') != std::string::npos) {
        return malformed(index,
                         "has a zero byte in its SQL, which PostgreSQL's text cannot hold; pass it as a parameter, "
                         "as bytea in hex form");
    }
    if (one.params().size() > max_parameters) {
        return malformed(index, "has " + std::to_string(one.params().size()) +
                                    " parameters, PostgreSQL takes 65535; pass an array instead");
    }
    if (std::ranges::any_of(one.params(), has_nul)) {
        return malformed(index, "contains a zero byte, which PostgreSQL's text cannot hold; send bytea in hex form");
    }
    return {};
}

/// False where what is known of the shape does not hold for these parameters: PostgreSQL will refuse their number, or
/// read one of them as the time at which it reads it.
bool is_of_its_shape(const statement& one, const sql::screened& permitted) {
    return one.params().size() == permitted.parameters &&
           std::ranges::none_of(one.params(), [](const auto& value) { return value && sql::may_tell_time(*value); });
}

/// Bytes that a write takes on a link or in memory, give or take a few for each statement and parameter.
std::size_t size_of(const write& what) noexcept {
    std::size_t bytes = what.id().size() + what.trace_id().size() + overhead_bytes;
    for (const auto& one : what.statements()) {
        bytes += one.sql().size() + overhead_bytes;
        for (const auto& value : one.params()) bytes += overhead_bytes + (value ? value->size() : 0);
    }
    return bytes;
}

}  // namespace

result<checked_write> write_check::check(std::string id, std::shared_ptr<const write> what) {
    auto parsed = write_id::parse(std::move(id));
    if (!parsed) return parsed.error();
    return check(std::move(*parsed), std::move(what));
}

result<checked_write> write_check::check(write_id id, std::shared_ptr<const write> what) {
    assert(what != nullptr);
    if (const auto fit = check_form(*what); !fit) return fit.error();
    const auto bytes = size_of(*what);
    if (bytes > max_bytes_) {
        return error{errc::payload_too_large, "the write takes about " + std::to_string(bytes) + " bytes, at most " +
                                                  std::to_string(max_bytes_) + " are accepted; split it"};
    }
    auto shapes = screen(*what);
    if (!shapes) return shapes.error();
    return checked_write(std::move(id), std::move(what), bytes, std::move(*shapes));
}

result<> write_check::check_form(const write& what) {
    if (what.statements().empty()) return error{errc::malformed_write, "the write has no statements; add at least one"};
    if (what.deadline() && *what.deadline() <= std::chrono::milliseconds::zero()) {
        return error{errc::malformed_write, "the write's deadline must be at least 1 ms"};
    }
    if (!what.trace_id().empty() && !is_trace_id(what.trace_id())) {
        return error{errc::malformed_write,
                     "the write's trace id is not 32 lower-case hexadecimal digits, or only zeros; leave it out"};
    }
    for (std::size_t index = 0; index < what.statements().size(); ++index) {
        if (auto checked = check_statement(what.statements()[index], index); !checked) return checked;
    }
    return {};
}

/// After the write's size was found to be in bounds: reading a text takes time in proportion to it.
result<std::vector<std::string>> write_check::screen(const write& what) {
    std::vector<std::string> shapes;
    shapes.reserve(what.statements().size());
    for (const auto& one : what.statements()) {
        const auto& permitted = screened_.of(one.sql(), sql::screen_statement);
        if (!permitted) return in_statement(permitted.error(), shapes.size());
        shapes.push_back(is_of_its_shape(one, *permitted) ? permitted->shape : std::string());
    }
    return shapes;
}

}  // namespace penholder
