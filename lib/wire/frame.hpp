#pragma once

#include <penholder/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::wire {

/// What a frame holds. The number is the byte on the wire.
enum class frame_type : std::uint8_t {
    hello = 1,
    introduction = 2,
    welcome = 4,
    submit_request = 5,
    submit_reply = 6,
    find_request = 7,
    find_reply = 8,
    ping = 9,
    pong = 10,
    goodbye = 11,
    forget_request = 12,
    forget_reply = 13,
};

/// Nothing where this release knows no such type.
std::optional<frame_type> to_frame_type(std::uint8_t number) noexcept;

/// One frame as it lies in the decoder's buffer; good until the decoder is next given room or bytes.
struct frame {
    frame_type type;
    std::string_view payload;
};

/// A frame is a 4-byte big-endian length of what follows, a type byte, and the payload.
inline constexpr std::size_t frame_header_bytes = 5;

/// Cuts a stream of bytes into frames. Holds no more than it was given, however long a frame claims to be.
/// Owned by one end of a connection.
class frame_decoder {
public:
    /// `max_frame_bytes` bounds type and payload of one frame.
    explicit frame_decoder(std::size_t max_frame_bytes) : max_frame_bytes_(max_frame_bytes) {}

    /// A peer that has proven itself may send larger frames.
    void set_max_frame_bytes(std::size_t bytes) noexcept { max_frame_bytes_ = bytes; }

    /// Room for at least `wanted` bytes more, to be read into; then say how many came.
    std::span<std::uint8_t> room(std::size_t wanted);
    void came(std::size_t bytes) noexcept { used_ += bytes; }

    /// The next whole frame, or nothing until more bytes came.
    /// Errors, after which the stream is of no more use: malformed_frame, frame_too_large, protocol_mismatch,
    /// unauthorized (the peer speaks TLS).
    result<std::optional<frame>> next();

    std::size_t buffered() const noexcept { return used_ - read_; }

private:
    std::size_t max_frame_bytes_;
    std::vector<std::uint8_t> buffer_;
    std::size_t read_ = 0;
    std::size_t used_ = 0;
};

/// Appends an empty frame of that type and returns where it begins; the payload is then appended, and close_frame()
/// fills in the length.
std::size_t open_frame(std::string& out, frame_type type);
void close_frame(std::string& out, std::size_t begin) noexcept;

}  // namespace penholder::wire
