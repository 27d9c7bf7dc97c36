#pragma once

namespace penholder {

/// The release of this library, as in the member record and `penholderd --version`.
inline constexpr const char* version = "0.1.0";

}  // namespace penholder
