#include "daemon/http/traceparent.hpp"

#include "model/trace_id.hpp"

#include <cstddef>

namespace penholder::daemon {
namespace {

constexpr auto header = "traceparent";

/// "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01": version, trace, parent, flags.
constexpr std::size_t version_digits = 2;
constexpr std::size_t trace_begins = 3;
constexpr std::size_t parent_begins = 36;
constexpr std::size_t parent_digits = 16;
constexpr std::size_t flags_begin = 53;
constexpr std::size_t flags_digits = 2;
constexpr std::size_t length = 55;

bool has_dash(std::string_view text, std::size_t at) {
    return text[at] == '-';
}

/// A later version may have more behind the flags, after a dash.
bool has_known_length(std::string_view text) {
    if (text.size() <= length) return text.size() == length;
    return text.substr(0, version_digits) != "00" && has_dash(text, length);
}

}  // namespace

std::string trace_id_in(std::string_view traceparent) {
    if (!has_known_length(traceparent)) return {};
    const auto version = traceparent.substr(0, version_digits);
    const auto trace = traceparent.substr(trace_begins, trace_id_digits);
    const auto parent = traceparent.substr(parent_begins, parent_digits);
    const auto flags = traceparent.substr(flags_begin, flags_digits);
    const bool is_apart = has_dash(traceparent, trace_begins - 1) && has_dash(traceparent, parent_begins - 1) &&
                          has_dash(traceparent, flags_begin - 1);
    const bool is_valid = is_apart && is_lower_hex(version) && version != "ff" && is_trace_id(trace) &&
                          is_lower_hex(parent) && parent.find_first_not_of('0') != std::string_view::npos &&
                          is_lower_hex(flags);
    return is_valid ? std::string(trace) : std::string();
}

std::string trace_id_of(const http_request& request) {
    if (request.message.count(header) != 1) return {};
    return trace_id_in(std::string_view(request.message[header]));
}

}  // namespace penholder::daemon
