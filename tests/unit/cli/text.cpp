#include "cli/text.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace penholder::cli;

TEST_CASE("width counts letters, not bytes") {
    CHECK(width("h\xC3\xA4t") == 3);
    CHECK(width("") == 0);
}

}  // namespace
