#include "cli/exit_code.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace penholder;
using cli::exit_code;
using cli::exit_code_of;

receipt rejected(errc why) {
    receipt answer;
    answer.outcome = outcome::rejected;
    answer.why = reason{why, "", "", {}};
    return answer;
}

TEST_CASE("every kind of failure has the exit code that scripts are promised") {
    CHECK(exit_code_of(errc::internal) == exit_code::failed);
    CHECK(exit_code_of(errc::unknown_group) == exit_code::failed);
    CHECK(exit_code_of(errc::schema_unknown) == exit_code::failed);
    CHECK(exit_code_of(errc::invalid_argument) == exit_code::usage);
    CHECK(exit_code_of(errc::no_leader) == exit_code::no_leader);
    CHECK(exit_code_of(errc::refused) == exit_code::refused);
    CHECK(exit_code_of(errc::node_not_found) == exit_code::refused);
    CHECK(exit_code_of(errc::unauthorized) == exit_code::refused);
    CHECK(exit_code_of(errc::ensemble_unreachable) == exit_code::ensemble_unreachable);
    CHECK(exit_code_of(errc::in_progress) == exit_code::in_progress);
    CHECK(exit_code_of(errc::outcome_unknown) == exit_code::in_progress);
}

TEST_CASE("a write ends with its outcome") {
    receipt committed;
    committed.outcome = outcome::committed;
    CHECK(exit_code_of(committed) == exit_code::done);
    CHECK(exit_code_of(receipt{}) == exit_code::in_progress);
    CHECK(exit_code_of(rejected(errc::statement_failed)) == exit_code::refused);
    CHECK(exit_code_of(rejected(errc::overloaded)) == exit_code::refused);
    CHECK(exit_code_of(rejected(errc::no_leader)) == exit_code::no_leader);
    CHECK(exit_code_of(rejected(errc::in_flight)) == exit_code::in_progress);
}

TEST_CASE("the exit codes are the documented numbers") {
    CHECK(static_cast<int>(exit_code::done) == 0);
    CHECK(static_cast<int>(exit_code::failed) == 1);
    CHECK(static_cast<int>(exit_code::usage) == 2);
    CHECK(static_cast<int>(exit_code::no_leader) == 3);
    CHECK(static_cast<int>(exit_code::refused) == 4);
    CHECK(static_cast<int>(exit_code::ensemble_unreachable) == 5);
    CHECK(static_cast<int>(exit_code::in_progress) == 6);
}

}  // namespace
