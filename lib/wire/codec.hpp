#pragma once

#include "frame.hpp"
#include "message.hpp"

#include <penholder/error.hpp>

#include <string>

namespace penholder::wire {

/// Appends the message as one whole frame.
void encode(const hello& what, std::string& out);
void encode(const introduction& what, std::string& out);
void encode(const welcome& what, std::string& out);
void encode(const request& what, std::string& out);
void encode(const reply& what, std::string& out);
void encode(const ping& what, std::string& out);
void encode(const pong& what, std::string& out);
void encode(const goodbye& what, std::string& out);

/// The message in a frame. Fields that this release does not know are skipped.
/// Errors: malformed_frame, with what is wrong with it.
result<message> decode(const frame& from);

}  // namespace penholder::wire
