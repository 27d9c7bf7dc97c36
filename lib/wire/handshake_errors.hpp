#pragma once

#include <penholder/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::wire {

/// What the ends of a link say where they do not fit. Errors are `unauthorized` but for the first two.

/// protocol_mismatch: the peer speaks another version than this release.
error version_mismatch(std::uint32_t theirs);

/// protocol_mismatch: a message came that is not the handshake's next.
error out_of_order();

/// One end has TLS and the other has none.
error peer_speaks_tls();
error peer_speaks_no_tls();

/// The follower would send in plain text what passes through a network.
error plain_beyond_this_host(std::string_view endpoint);

/// By secrets. For the follower: the leader refused its key; or went on without it.
error secret_refused(std::string_view endpoint);
error secret_not_used();
/// For the leader: the follower has no secret, another one, or dialled another endpoint.
error no_secret_offered();
error other_secret();
error other_endpoint(std::string_view dialled, std::string_view own);

/// By certificates: the peer has none; has one that is not accepted, or that is another node's; accepts not ours.
error no_certificate();
error certificate_refused(std::string_view why);
error own_certificate_refused(std::string_view why);
error other_name(const std::vector<std::string>& names, std::string_view node);

/// For any other reason, in OpenSSL's words.
error tls_failed(std::string_view why);

/// Whether a certificate with these names is that node's: one is the same, to the letter.
bool is_named(const std::vector<std::string>& names, std::string_view node) noexcept;

/// "'a', 'b'", for people.
std::string list(const std::vector<std::string>& names);

}  // namespace penholder::wire
