#include "daemon/http/problem.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace penholder;
using namespace penholder::daemon;

namespace {

bool has_header(const reply& answered, const std::string& name, const std::string& value) {
    return std::ranges::find(answered.headers, std::pair(name, value)) != answered.headers.end();
}

reply refused_with(errc code) {
    return to_reply(api::to_problem(error{code, "no"}, "orders"));
}

}  // namespace

TEST_CASE("a refusal is sent as problem+json with its own status") {
    const auto answered = refused_with(errc::statement_failed);
    CHECK(answered.status == http::status::unprocessable_entity);
    CHECK(answered.content_type == "application/problem+json");
    const auto body = boost::json::parse(answered.body).as_object();
    CHECK(body.at("status") == 422);
    CHECK(body.at("code") == "statement_failed");
    CHECK(refused_with(errc::outcome_unknown).status == http::status::gateway_timeout);
}

TEST_CASE("what may be tried again says when") {
    CHECK(has_header(refused_with(errc::overloaded), "Retry-After", "1"));
    CHECK(has_header(refused_with(errc::no_leader), "Retry-After", "1"));
    CHECK(refused_with(errc::key_reused).headers.empty());
    CHECK(has_header(refused_with(errc::unauthorized), "WWW-Authenticate", "Bearer"));
}

TEST_CASE("a refusal of HTTP itself has HTTP's own title and did not happen") {
    const auto body = boost::json::parse(to_reply(http::status::not_found, "not_found", "nothing here").body);
    CHECK(body.at("type") == "urn:penholder:problem:not_found");
    CHECK(body.at("title") == "Not Found");
    CHECK(body.at("detail") == "nothing here");
    CHECK(body.at("outcome") == "rejected");
}
