#include "tcp/link_loss.hpp"

#include "tcp/log_limit.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::tcp;

TEST_CASE("a goodbye says whether authority, protocol or the leader's own wish ended a link") {
    CHECK(loss_by_goodbye({errc::unauthorized, ""}).how == loss::unauthorized);
    for (const auto code :
         {errc::protocol_mismatch, errc::malformed_frame, errc::frame_too_large, errc::group_mismatch}) {
        CHECK(loss_by_goodbye({code, ""}).how == loss::protocol);
    }
    CHECK(loss_by_goodbye({errc::shutting_down, ""}).how == loss::closed);
    CHECK(to_string(loss::replaced) == "replaced");
}

TEST_CASE("ten lines a second pass and the next one tells how many did not") {
    log_limit lines;
    const log_limit::time_point start{std::chrono::hours(1)};
    for (int i = 0; i < 10; ++i) CHECK(lines.pass(start) == 0);
    for (int i = 0; i < 5; ++i) CHECK_FALSE(lines.pass(start));
    CHECK(lines.pass(start + std::chrono::seconds(1)) == 5);
}
