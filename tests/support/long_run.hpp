#pragma once

#include <cstdlib>
#include <string_view>

namespace penholder::testing {

/// Whether tests that have a long form are to run in it: `tests/run --long`.
inline bool long_run() {
    const char* wanted = std::getenv("PENHOLDER_LONG_TESTS");
    return wanted != nullptr && std::string_view(wanted) == "1";
}

}  // namespace penholder::testing
