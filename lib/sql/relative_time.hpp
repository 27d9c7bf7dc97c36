#pragma once

#include <string_view>

namespace penholder::sql {

/// True where PostgreSQL may read a text as a moment that depends on when it reads it: 'now', 'today 10:00 PST', an
/// array or a range with one in it. May be true of prose ("buy today"), is never false of such a moment. Pure.
bool may_tell_time(std::string_view text) noexcept;

}  // namespace penholder::sql
