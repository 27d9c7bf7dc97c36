#pragma once

#include <chrono>
#include <functional>
#include <string_view>

namespace penholder::testing {

/// How long tests wait at most for what they want to see, on a machine that is theirs. All waits come from this table,
/// and `patience` stretches them where the machine is slower. A test that passes never takes as long as these say.
namespace limit {

inline constexpr std::chrono::seconds answer{10};      ///< A program answers; what was asked for shows.
inline constexpr std::chrono::seconds leadership{20};  ///< A group has its leader, and followers are linked to it.
inline constexpr std::chrono::seconds writes{30};      ///< Writes are committed again after a fault.
inline constexpr std::chrono::seconds boot{30};        ///< A server starts or ends.
inline constexpr std::chrono::seconds recovery{40};    ///< A group recovers from a server that was away.
inline constexpr std::chrono::seconds crowd{60};       ///< A hundred nodes agree.
inline constexpr std::chrono::minutes build{10};       ///< A program is built.
inline constexpr std::chrono::seconds grace{1};        ///< How far past a write's deadline its answer may come.

}  // namespace limit

/// `usual` on a machine that is this test's own; four times as long in sanitized builds, twice as long where the
/// environment variable CI says that other programs may have the machine too.
std::chrono::milliseconds patience(std::chrono::milliseconds usual);

/// True as soon as the condition holds, false when it still does not after `most` (stretched by patience).
bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds most = limit::answer);

/// As eventually, but throws std::runtime_error saying what was waited for in vain.
void wait_until(std::string_view what, const std::function<bool()>& condition,
                std::chrono::milliseconds most = limit::answer);

}  // namespace penholder::testing
