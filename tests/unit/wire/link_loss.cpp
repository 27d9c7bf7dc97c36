#include "wire/link_loss.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::wire;

TEST_CASE("a goodbye says whether authority, protocol or the leader's own wish ended a link") {
    CHECK(loss_by_goodbye({errc::unauthorized, ""}).how == loss::unauthorized);
    for (const auto code :
         {errc::protocol_mismatch, errc::malformed_frame, errc::frame_too_large, errc::group_mismatch}) {
        CHECK(loss_by_goodbye({code, ""}).how == loss::protocol);
    }
    CHECK(loss_by_goodbye({errc::shutting_down, ""}).how == loss::closed);
    CHECK(to_string(loss::replaced) == "replaced");
}
