#pragma once

#include "message.hpp"
#include "penholder.pb.h"

#include <penholder/error.hpp>
#include <penholder/receipt.hpp>

#include <string>

namespace penholder::wire {

/// Values to and from their generated counterparts; included by this room's sources only. The reading directions
/// throw nothing and answer malformed_frame with what is wrong.
void fill(const statement& from, pb::Statement& to);
void fill(const origin_mark& from, pb::OriginMark& to);
void fill(const receipt& from, pb::Receipt& to);
void fill(const leader_hint& from, pb::LeaderHint& to);
void fill(const error& from, pb::Reason& to);

statement read(pb::Statement& from);
origin_mark read(const pb::OriginMark& from);
leader_hint read(const pb::LeaderHint& from);
error read_error(const pb::Reason& from);
result<receipt> read(pb::Receipt& from);

/// A code that this release does not know becomes `internal`.
errc read_code(const std::string& name) noexcept;

error malformed(const std::string& what);

}  // namespace penholder::wire
