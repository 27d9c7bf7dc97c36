#pragma once

#include <penholder/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace penholder {

/// A host and a port, or the path of a unix socket.
struct address {
    std::string host;  ///< A name or a numeric address; one of IPv6 without its brackets.
    std::uint16_t port = 0;
    std::string path;  ///< Set for "unix:/path" only.

    bool is_unix() const noexcept { return !path.empty(); }
    /// True for 127.0.0.0/8, ::1, localhost and unix sockets: nobody outside this machine gets there.
    bool is_loopback() const;
    /// True for 0.0.0.0 and ::, which can be listened on but not connected to.
    bool is_any() const;
    /// Whether others can be told to connect to it: a unix socket, or an address and a port that exist.
    bool is_dialable() const { return is_unix() || (!is_any() && port != 0); }
    /// As it is parsed.
    std::string text() const;
};

/// "host:port", "[ipv6]:port". Errors: invalid_argument.
result<address> parse_endpoint(std::string_view text);

/// As `parse_endpoint`, and "unix:/path" too.
result<address> parse_listen(std::string_view text);

}  // namespace penholder
