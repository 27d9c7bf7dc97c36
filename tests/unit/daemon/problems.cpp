#include "daemon/problem.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <map>

using namespace penholder;
using namespace penholder::daemon;

namespace {

bool has_header(const reply& answered, const std::string& name, const std::string& value) {
    return std::ranges::find(answered.headers, std::pair(name, value)) != answered.headers.end();
}

}  // namespace

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
        CHECK(static_cast<unsigned>(status_of(code)) == status);
    }
}

TEST_CASE("a refused write becomes a problem with all that is known") {
    const receipt refused{
        "order-42", outcome::rejected, 7, 0, false, {}, reason{errc::statement_failed, "no table", "42P01", 1}};
    const auto answered = to_reply(to_problem(refused, "orders"));
    CHECK(answered.status == http::status::unprocessable_entity);
    CHECK(answered.content_type == "application/problem+json");
    const auto body = boost::json::parse(answered.body).as_object();
    CHECK(body.at("type") == "urn:penholder:problem:statement_failed");
    CHECK(body.at("status") == 422);
    CHECK(body.at("code") == "statement_failed");
    CHECK(body.at("outcome") == "rejected");
    CHECK(body.at("detail") == "no table");
    CHECK(body.at("group") == "orders");
    CHECK(body.at("write_id") == "order-42");
    CHECK(body.at("sqlstate") == "42P01");
    CHECK(body.at("statement") == 1);
    CHECK(body.contains("title"));
    CHECK(body.contains("hint"));
}

TEST_CASE("an outcome that is unknown keeps the write id to ask again by") {
    const receipt open{
        "order-42", outcome::unknown, 0, 0, false, {}, reason{errc::outcome_unknown, "the link broke", "", {}}};
    const auto answered = to_reply(to_problem(open, "orders"));
    const auto body = boost::json::parse(answered.body).as_object();
    CHECK(answered.status == http::status::gateway_timeout);
    CHECK(body.at("outcome") == "unknown");
    CHECK(body.at("write_id") == "order-42");
    CHECK_FALSE(body.contains("sqlstate"));
}

TEST_CASE("a write that is under way is not called rejected") {
    const receipt open{"k", outcome::rejected, 0, 0, false, {}, reason{errc::in_flight, "under way", "", {}}};
    CHECK(to_problem(open, "orders").outcome == outcome::unknown);
}

TEST_CASE("what may be tried again says when") {
    CHECK(has_header(to_reply(problem{errc::overloaded, "full", {}, {}, {}, {}, {}, {}}), "Retry-After", "1"));
    CHECK(has_header(to_reply(problem{errc::no_leader, "none", {}, {}, {}, {}, {}, {}}), "Retry-After", "1"));
    CHECK(to_reply(problem{errc::key_reused, "other", {}, {}, {}, {}, {}, {}}).headers.empty());
    CHECK(
        has_header(to_reply(problem{errc::unauthorized, "no", {}, {}, {}, {}, {}, {}}), "WWW-Authenticate", "Bearer"));
}

TEST_CASE("a handover that is still under way is not called rejected") {
    CHECK(to_problem(error{errc::in_progress, "still fencing"}, "orders").outcome == outcome::unknown);
    CHECK(to_problem(error{errc::refused, "no"}, "orders").outcome == outcome::rejected);
}
