#include "address.hpp"

#include <charconv>
#include <system_error>

namespace penholder {
namespace {

constexpr std::size_t longest_unix_path = 107;

error bad(std::string_view text, std::string_view expected) {
    return {errc::invalid_argument, "'" + std::string(text) + "' is no address; expected " + std::string(expected)};
}

/// A number and no name: one that begins like an address leads anywhere.
bool is_loopback_v4(std::string_view host) {
    if (!host.starts_with("127.")) return false;
    const char* at = host.data();
    const char* const end = at + host.size();
    for (int part = 0; part < 4; ++part) {
        unsigned char number = 0;
        const auto read = std::from_chars(at, end, number);
        if (read.ec != std::errc{}) return false;
        const bool is_last = part == 3;
        if (is_last || read.ptr == end || *read.ptr != '.') return is_last && read.ptr == end;
        at = read.ptr + 1;
    }
    return false;
}

}  // namespace

bool address::is_loopback() const {
    return is_unix() || host == "localhost" || host == "::1" || host == "0:0:0:0:0:0:0:1" || is_loopback_v4(host);
}

bool address::is_any() const {
    return host == "0.0.0.0" || host == "::";
}

std::string address::text() const {
    if (is_unix()) return "unix:" + path;
    return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port);
}

result<address> parse_endpoint(std::string_view text) {
    constexpr std::string_view expected = "host:port, such as 127.0.0.1:7431 or [::1]:7431";
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return bad(text, expected);
    std::string_view host = text.substr(0, colon);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    if (host.find_first_of("[]/ \t,") != std::string_view::npos) return bad(text, expected);
    if (!bracketed && host.find(':') != std::string_view::npos) return bad(text, expected);

    address parsed{std::string(host), 0, {}};
    const char* end = text.data() + text.size();
    const auto number = std::from_chars(text.data() + colon + 1, end, parsed.port);
    if (number.ec != std::errc{} || number.ptr != end) return bad(text, "host:port with a port from 0 to 65535");
    return parsed;
}

result<address> parse_listen(std::string_view text) {
    if (!text.starts_with("unix:")) return parse_endpoint(text);
    const std::string_view path = text.substr(5);
    if (path.size() < 2 || path.front() != '/') return bad(text, "unix:/absolute/path");
    if (path.size() > longest_unix_path) return bad(text, "a unix socket's path of at most 107 bytes");
    return address{{}, 0, std::string(path)};
}

}  // namespace penholder
