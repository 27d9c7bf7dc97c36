#include "frame.hpp"

#include "handshake_errors.hpp"

#include <algorithm>
#include <cstring>

namespace penholder::wire {
namespace {

constexpr std::size_t length_bytes = 4;
constexpr std::size_t idle_buffer_bytes = 64 * 1024;
constexpr std::uint8_t was_proof = 3;  // In version 1.

// A record of TLS, of a handshake or an alert; as a length it would be more than any frame's.
bool begins_tls(std::uint32_t length) noexcept {
    const auto begin = length >> 16U;
    return begin == 0x1603 || begin == 0x1503;
}

std::uint32_t read_length(const std::uint8_t* from) noexcept {
    return (std::uint32_t{from[0]} << 24U) | (std::uint32_t{from[1]} << 16U) | (std::uint32_t{from[2]} << 8U) |
           std::uint32_t{from[3]};
}

}  // namespace

std::optional<frame_type> to_frame_type(std::uint8_t number) noexcept {
    const bool known = number >= static_cast<std::uint8_t>(frame_type::hello) &&
                       number <= static_cast<std::uint8_t>(frame_type::forget_reply) && number != was_proof;
    return known ? std::optional(static_cast<frame_type>(number)) : std::nullopt;
}

std::span<std::uint8_t> frame_decoder::room(std::size_t wanted) {
    if (read_ == used_) {
        read_ = used_ = 0;
        if (buffer_.size() > std::max(idle_buffer_bytes, wanted)) buffer_ = {};
    } else if (read_ > 0 && buffer_.size() - used_ < wanted) {
        std::memmove(buffer_.data(), buffer_.data() + read_, used_ - read_);
        used_ -= read_;
        read_ = 0;
    }
    if (buffer_.size() - used_ < wanted) buffer_.resize(used_ + wanted);
    return std::span(buffer_).subspan(used_);
}

result<std::optional<frame>> frame_decoder::next() {
    if (buffered() < length_bytes) return std::optional<frame>{};
    const std::uint8_t* start = buffer_.data() + read_;
    const std::size_t length = read_length(start);
    if (length == 0) return error{errc::malformed_frame, "a frame of length 0 has no type"};
    if (length > max_frame_bytes_) {
        if (begins_tls(static_cast<std::uint32_t>(length))) return peer_speaks_tls();
        return error{errc::frame_too_large, "a frame claims " + std::to_string(length) + " bytes, at most " +
                                                std::to_string(max_frame_bytes_) + " are accepted"};
    }
    if (buffered() < frame_header_bytes) return std::optional<frame>{};
    const auto type = to_frame_type(start[length_bytes]);
    if (!type) {
        return error{errc::protocol_mismatch, "frame type " + std::to_string(start[length_bytes]) +
                                                  " is not known to this release; run the same release on all nodes"};
    }
    if (buffered() < length_bytes + length) return std::optional<frame>{};
    read_ += length_bytes + length;
    const auto* payload = reinterpret_cast<const char*>(start + frame_header_bytes);
    return std::optional(frame{*type, {payload, length - 1}});
}

std::size_t open_frame(std::string& out, frame_type type) {
    const auto begin = out.size();
    out.append(length_bytes, '\0');
    out.push_back(static_cast<char>(type));
    return begin;
}

void close_frame(std::string& out, std::size_t begin) noexcept {
    const auto length = static_cast<std::uint32_t>(out.size() - begin - length_bytes);
    for (std::size_t i = 0; i < length_bytes; ++i) {
        out[begin + i] = static_cast<char>((length >> (24U - 8U * i)) & 0xFFU);
    }
}

}  // namespace penholder::wire
