#include <penholder/errc.hpp>

#include <catch2/catch_test_macros.hpp>

#include <set>
#include <string>

using namespace penholder;

namespace {

// Codes count up from 1; the first number without a name is past the last.
std::set<errc> all_codes() {
    std::set<errc> all;
    for (int code = 0; code < 10'000; ++code)
        if (to_string(static_cast<errc>(code)) != "unknown_code") all.insert(static_cast<errc>(code));
    return all;
}

}  // namespace

TEST_CASE("every code has a name of its own, and is found again by it") {
    const auto all = all_codes();
    CHECK(all.size() > 30);
    std::set<std::string_view> names;
    for (const auto code : all) {
        INFO(to_string(code));
        CHECK(names.insert(to_string(code)).second);
        CHECK(errc_from_string(to_string(code)) == code);
    }
}

TEST_CASE("a name that is none of them is no code") {
    CHECK_FALSE(errc_from_string("").has_value());
    CHECK_FALSE(errc_from_string("unknown_code").has_value());
    CHECK_FALSE(errc_from_string("No_Leader").has_value());
}

TEST_CASE("only what another try may mend is retryable") {
    const std::set<errc> retryable{
        errc::overloaded, errc::no_leader, errc::not_leader,           errc::deadline_expired,     errc::shutting_down,
        errc::paused,     errc::in_flight, errc::database_unreachable, errc::ensemble_unreachable, errc::link_lost};
    for (const auto code : all_codes()) {
        INFO(to_string(code));
        CHECK(is_retryable(code) == retryable.contains(code));
    }
}

TEST_CASE("only an unknown outcome is unknown, and it is not retryable as if nothing had happened") {
    for (const auto code : all_codes()) CHECK(is_unknown(code) == (code == errc::outcome_unknown));
    CHECK_FALSE(is_retryable(errc::outcome_unknown));
}

TEST_CASE("a code is an std::error_code of penholder's own category") {
    const auto made = make_error_code(errc::fenced);
    CHECK(made.category() == category());
    CHECK(std::string(made.category().name()) == "penholder");
    CHECK(made.message() == "fenced");
    CHECK(made.value() == static_cast<int>(errc::fenced));
}
