#pragma once

namespace penholder {

/// The release of this library, as in the member record and `penholderd --version`.
#ifdef PENHOLDER_MUTATIONS
inline constexpr const char* version = "0.1.0-mutants";
#else
inline constexpr const char* version = "0.1.0";
#endif

}  // namespace penholder
