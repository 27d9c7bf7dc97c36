#include "api/error_table.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>

namespace {

using namespace penholder;
using api::exit_code;
using api::exit_code_of;

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

TEST_CASE("every answer to a write has its status") {
    const std::map<errc, unsigned> wanted{{errc::malformed_write, 400},
                                          {errc::invalid_argument, 400},
                                          {errc::unauthorized, 401},
                                          {errc::unknown_group, 404},
                                          {errc::node_not_found, 404},
                                          {errc::in_flight, 409},
                                          {errc::receipt_expired, 410},
                                          {errc::row_count_mismatch, 412},
                                          {errc::payload_too_large, 413},
                                          {errc::statement_failed, 422},
                                          {errc::key_reused, 422},
                                          {errc::forbidden_statement, 422},
                                          {errc::overloaded, 429},
                                          {errc::no_leader, 503},
                                          {errc::deadline_expired, 503},
                                          {errc::shutting_down, 503},
                                          {errc::paused, 503},
                                          {errc::database_unreachable, 503},
                                          {errc::ensemble_unreachable, 503},
                                          {errc::schema_missing, 503},
                                          {errc::outcome_unknown, 504},
                                          {errc::in_progress, 504},
                                          {errc::internal, 500}};
    for (const auto& [code, status] : wanted) {
        INFO(to_string(code));
        CHECK(api::row_of(code).http_status == status);
    }
}

TEST_CASE("a status that comes without a code is read as the first of its kind") {
    CHECK(api::code_of_status(400) == errc::malformed_write);
    CHECK(api::code_of_status(401) == errc::unauthorized);
    CHECK(api::code_of_status(403) == errc::unauthorized);
    CHECK(api::code_of_status(404) == errc::unknown_group);
    CHECK(api::code_of_status(409) == errc::in_flight);
    CHECK(api::code_of_status(413) == errc::payload_too_large);
    CHECK(api::code_of_status(429) == errc::overloaded);
    CHECK(api::code_of_status(500) == errc::internal);
    CHECK(api::code_of_status(503) == errc::no_leader);
    CHECK(api::code_of_status(504) == errc::outcome_unknown);
    CHECK(api::code_of_status(418) == errc::internal);
}

TEST_CASE("what may be tried again is never a status that says the request is wrong") {
    for (int number = 1; number <= static_cast<int>(errc::internal); ++number) {
        const auto code = static_cast<errc>(number);
        const auto& row = api::row_of(code);
        CAPTURE(to_string(code));
        CHECK(row.code == code);
        CHECK_FALSE(row.title.empty());
        if (is_unknown(code)) CHECK(row.http_status == 504);
        if (is_retryable(code)) CHECK((row.http_status == 409 || row.http_status == 429 || row.http_status == 503));
    }
}

}  // namespace
