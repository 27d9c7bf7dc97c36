#include "wire/request.hpp"

#include "samples.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::testing;

TEST_CASE("a refused write is handed back, a refused question failed") {
    const error busy{errc::overloaded, "too much"};
    const auto write = wire::refuse(sample_request().what, busy);
    CHECK(std::get<write_answer>(write) == handed_back(errc::overloaded, "too much"));
    const auto question = wire::refuse(wire::find{"k"}, busy);
    CHECK(std::get<wire::find_result>(question) == wire::find_result{{}, busy, {}});
    const auto wish = wire::refuse(wire::forget{"k", "alice"}, busy);
    CHECK(std::get<wire::forget_result>(wish) == wire::forget_result{{}, busy});
}

TEST_CASE("the receipt of an answer is the one that was decided or found, and nothing else") {
    wire::reply_body answered = decided(sample_receipt());
    CHECK(*wire::receipt_in(answered) == sample_receipt());
    answered = handed_back(errc::not_leader, "no");
    CHECK(wire::receipt_in(answered) == nullptr);
    answered = wire::find_result{sample_receipt(), {}, {}};
    CHECK(*wire::receipt_in(answered) == sample_receipt());
    answered = wire::forget_result{sample_rejection(), {}};
    CHECK(*wire::receipt_in(answered) == sample_rejection());
    answered = wire::forget_result{};
    CHECK(wire::receipt_in(answered) == nullptr);
    answered = wire::find_result{};
    CHECK(wire::receipt_in(answered) == nullptr);
}
