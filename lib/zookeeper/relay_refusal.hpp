#pragma once

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::zookeeper {

/// Why the relay made no connection of one that came.
struct relay_refusal {
    enum class cause : std::uint8_t {
        other_process,    ///< It was not of this process.
        unreachable,      ///< The server's name is unknown, or nobody answers there.
        timeout,          ///< The server took too long to agree on TLS.
        closed,           ///< It closed the connection before that.
        not_tls,          ///< It speaks something else.
        untrusted,        ///< Its certificate is of no authority that is believed, or otherwise not valid.
        expired,          ///< Its certificate has ended, or not begun.
        other_name,       ///< Its certificate is for another host.
        own_certificate,  ///< It does not accept this node's certificate, or wants one.
        failed,           ///< Anything else.
    };
    cause why = cause::failed;
    std::string message;  ///< What happened, and what to do.

    /// It is the ensemble that is wrong, or this node's settings: not the network, and nobody else on this host.
    bool is_of_tls() const noexcept;

    /// A server that begins or ends refuses like this for a moment.
    bool may_pass() const noexcept { return why == cause::closed || why == cause::timeout; }
};

std::string_view to_string(relay_refusal::cause what) noexcept;

/// What a handshake with that server failed by.
struct failed_handshake {
    boost::system::error_code failed;
    long verified = 0;                 ///< As OpenSSL judged its certificate.
    std::vector<std::string> names;    ///< In that certificate, where it was judged.
    bool has_own_certificate = false;  ///< This node had one to show.
};
relay_refusal explain(const failed_handshake& what, std::string_view host);

}  // namespace penholder::zookeeper
