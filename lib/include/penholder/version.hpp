#pragma once

/// The release that a program was compiled against, for `#if`. The build reads it from here.
#define PENHOLDER_VERSION_MAJOR 0
#define PENHOLDER_VERSION_MINOR 1
#define PENHOLDER_VERSION_PATCH 0

/// As one number to compare: 1.2.3 is 10203.
#define PENHOLDER_VERSION_NUMBER \
    (PENHOLDER_VERSION_MAJOR * 10000 + PENHOLDER_VERSION_MINOR * 100 + PENHOLDER_VERSION_PATCH)

#define PENHOLDER_DETAIL_TEXT_OF(number) #number
#define PENHOLDER_DETAIL_DOTTED(major, minor, patch) \
    PENHOLDER_DETAIL_TEXT_OF(major) "." PENHOLDER_DETAIL_TEXT_OF(minor) "." PENHOLDER_DETAIL_TEXT_OF(patch)

/// As text: "1.2.3".
#define PENHOLDER_VERSION \
    PENHOLDER_DETAIL_DOTTED(PENHOLDER_VERSION_MAJOR, PENHOLDER_VERSION_MINOR, PENHOLDER_VERSION_PATCH)

namespace penholder {

/// The same, as in the member record and `penholderd --version`.
inline constexpr const char* version = PENHOLDER_VERSION;

}  // namespace penholder
