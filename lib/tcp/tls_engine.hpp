#pragma once

#include "link_credentials.hpp"
#include "wire/link_key.hpp"

#include <penholder/error.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct bio_st;
struct ssl_st;

namespace penholder::tcp {

/// Which end of a connection.
enum class tls_end : std::uint8_t { dials, accepts };

/// One end of a TLS connection without the connection: bytes from the peer in, bytes to the peer out. First both ends
/// agree, then it seals and opens what they say.
///
/// By a secret, each end is sure after that the other knows it and that the endpoint which was dialled is the one that
/// accepted: see `wire::make_link_key`. By certificates, that the peer's comes from the authorities; `peer_names` tells
/// whom it names. Owned by a transport, used on its executor.
class tls_engine {
public:
    /// `endpoint` is the one that is dialled, or the one under which this node is known.
    tls_engine(std::shared_ptr<const link_credentials> by, tls_end end, std::string endpoint);
    ~tls_engine();
    tls_engine(const tls_engine&) = delete;
    tls_engine& operator=(const tls_engine&) = delete;

    enum class progress : std::uint8_t { agreed, needs_bytes, refused };

    /// Goes on as far as the bytes reach that came. Whatever comes of it, `leaving` has what the peer is to be told.
    progress agree();

    /// Bytes from the peer.
    void came(std::span<const std::uint8_t> bytes);

    /// Bytes for the peer, once each.
    std::string leaving();

    /// What `leaving` will have, encrypted. False where the connection is of no more use. After `agreed` only.
    bool seal(std::string_view text);

    struct opened {
        std::size_t bytes = 0;  ///< Put into `into`.
        enum class because : std::uint8_t { there_is_more, needs_bytes, ended, refused } then{};
    };
    /// What the peer said, decrypted, as much as there is and as fits. After `agreed` only.
    opened open(std::span<std::uint8_t> into);

    /// Why there is no agreement, or none any more.
    const std::optional<error>& refusal() const noexcept { return refusal_; }

    /// Whom the peer's certificate names; nothing where a secret was proven. After `agreed` only.
    std::optional<std::vector<std::string>> peer_names() const;

private:
    struct free_ssl {
        void operator()(ssl_st* what) const noexcept;
    };
    struct callbacks;

    const std::vector<wire::link_key>& keys();
    bool has_proven_itself() const;
    void refuse(error why);
    error why_refused() const;
    error why_secret_refused(int reason) const;

    std::shared_ptr<const link_credentials> by_;
    tls_end end_;
    std::string endpoint_;
    std::unique_ptr<ssl_st, free_ssl> ssl_;
    bio_st* in_;                        ///< Both are the SSL's.
    bio_st* out_;                       ///< What it wants to be sent.
    std::vector<wire::link_key> keys_;  ///< Of all secrets, once one was asked for.
    std::string offered_;               ///< The identity of the key that the peer has offered; for messages only.
    std::string farewell_;              ///< What a peer that speaks no TLS is told.
    std::optional<error> refusal_;
    bool has_begun_ = false;  ///< The peer has said something.
};

}  // namespace penholder::tcp
