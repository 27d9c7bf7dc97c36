#include "api/problem.hpp"

#include "api/documents.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

using namespace penholder;
using namespace penholder::api;

TEST_CASE("a refused write becomes a problem with all that is known") {
    const receipt refused{
        "order-42", outcome::rejected, 7, 0, false, {}, reason{errc::statement_failed, "no table", "42P01", 1}};
    const auto body = to_json(to_problem(refused, "orders"));
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
    const auto body = to_json(to_problem(open, "orders"));
    CHECK(body.at("status") == 504);
    CHECK(body.at("outcome") == "unknown");
    CHECK(body.at("write_id") == "order-42");
    CHECK_FALSE(body.contains("sqlstate"));
}

TEST_CASE("a write that is under way is not called rejected") {
    const receipt open{"k", outcome::rejected, 0, 0, false, {}, reason{errc::in_flight, "under way", "", {}}};
    CHECK(to_problem(open, "orders").outcome == outcome::unknown);
}

TEST_CASE("a handover that is still under way is not called rejected") {
    CHECK(to_problem(error{errc::in_progress, "still fencing"}, "orders").outcome == outcome::unknown);
    CHECK(to_problem(error{errc::refused, "no"}, "orders").outcome == outcome::rejected);
}

TEST_CASE("a committed write is a receipt with its rows") {
    const auto answer = read_receipt(200, R"({"write_id":"k1","outcome":"committed","term":7,"lsn":"16/B374D848",
        "replayed":true,"statements":[{"rows_affected":2,"columns":["id","note"],"rows":[["1",null],["2","x"]]}]})",
                                     "k1");
    REQUIRE(answer.has_value());
    CHECK(answer->outcome == outcome::committed);
    CHECK(answer->replayed);
    CHECK(lsn_to_string(answer->lsn) == "16/B374D848");
    REQUIRE(answer->statements.size() == 1);
    CHECK(answer->statements[0] == statement_result{2, {"id", "note"}, {{"1", std::nullopt}, {"2", "x"}}});
}

TEST_CASE("a problem is a rejected receipt that says which statement and why") {
    const auto answer = read_receipt(422, R"({"type":"urn:x","title":"Statement failed","status":422,
        "code":"statement_failed","detail":"column \"q\" does not exist","outcome":"rejected","write_id":"k2",
        "sqlstate":"42703","statement":1})",
                                     "k2");
    REQUIRE(answer.has_value());
    CHECK(answer->outcome == outcome::rejected);
    REQUIRE(answer->why);
    CHECK(answer->why->code == errc::statement_failed);
    CHECK(answer->why->message == "column \"q\" does not exist");
    CHECK(answer->why->sqlstate == "42703");
    CHECK(answer->why->statement == 1U);
}

TEST_CASE("a rejected receipt that the ledger keeps is read with its reason") {
    const auto answer = read_receipt(200, R"({"write_id":"k","outcome":"rejected","term":7,"replayed":true,
        "why":{"code":"row_count_mismatch","message":"0 rows, 1 expected","statement":0}})",
                                     "k");
    REQUIRE(answer.has_value());
    CHECK(answer->outcome == outcome::rejected);
    REQUIRE(answer->why);
    CHECK(*answer->why == reason{errc::row_count_mismatch, "0 rows, 1 expected", "", 0});
}

TEST_CASE("an unknown outcome keeps the id to ask again with") {
    const auto answer = read_receipt(504, R"({"code":"outcome_unknown","outcome":"unknown"})", "k3");
    REQUIRE(answer.has_value());
    CHECK(answer->outcome == outcome::unknown);
    CHECK(answer->write_id == "k3");
}

TEST_CASE("an outcome that this release does not know is unknown, never rejected") {
    const auto answer = read_receipt(200, R"({"write_id":"k","outcome":"postponed"})", "k");
    REQUIRE(answer.has_value());
    CHECK(answer->outcome == outcome::unknown);
    CHECK(answer->why.has_value());
}

TEST_CASE("an answer without an outcome is judged by its HTTP status") {
    CHECK(read_receipt(503, "busy", "k").error().code == errc::no_leader);
    CHECK(read_error(401, "").code == errc::unauthorized);
    CHECK(read_error(500, "oops").message == "the node answered HTTP status 500");
    CHECK(read_error(409, R"({"code":"refused","detail":"orders-2 is an observer"})").code == errc::refused);
    CHECK(read_error(409, R"({"code":"of a later release","title":"No"})").message == "No");
}

TEST_CASE("a problem that was sent is read back as the write's receipt") {
    const receipt refused{
        "order-42", outcome::rejected, 0, 0, false, {}, reason{errc::statement_failed, "no table", "42P01", 1}};
    const auto sent = to_problem(refused, "orders");
    CHECK(read_receipt(sent.status, boost::json::serialize(to_json(sent)), "").value() == refused);
}

TEST_CASE("a problem says what PostgreSQL named, and its hint begins with what is to be done about this error") {
    receipt refused{
        "order-42", outcome::rejected, 7, 0, true, {}, reason{errc::statement_failed, "duplicate key", "23505", 0}};
    refused.why->hint = "Say with ON CONFLICT what is to happen then.";
    refused.why->fields = {"public", "stock", "id", "int4", "stock_pkey", 13, "Key (id)=(42) already exists."};
    refused.decided_at = std::chrono::system_clock::time_point(std::chrono::milliseconds(1'714'564'800'250));
    const auto body = to_json(to_problem(refused, "orders"));
    CHECK(body.at("schema") == "public");
    CHECK(body.at("table") == "stock");
    CHECK(body.at("column") == "id");
    CHECK(body.at("data_type") == "int4");
    CHECK(body.at("constraint") == "stock_pkey");
    CHECK(body.at("position") == 13);
    CHECK(body.at("sql_detail") == "Key (id)=(42) already exists.");
    CHECK(body.at("detail") == "duplicate key");
    CHECK(body.at("replayed") == true);
    CHECK(body.at("decided_at") == "2024-05-01T12:00:00.250Z");
    const std::string hint(body.at("hint").as_string());
    CHECK(hint.starts_with("Say with ON CONFLICT what is to happen then. The write was rolled back"));

    auto expected = refused;
    expected.term = 0;  // A problem tells none.
    CHECK(read_receipt(422, boost::json::serialize(body), "").value() == expected);
}

TEST_CASE("a problem of which PostgreSQL named nothing has no member for it") {
    const receipt refused{"k", outcome::rejected, 7, 0, false, {}, reason{errc::row_count_mismatch, "0 rows", "", 0}};
    const auto body = to_json(to_problem(refused, "orders"));
    for (const auto* name :
         {"schema", "table", "column", "data_type", "constraint", "position", "sql_detail", "replayed", "decided_at"}) {
        INFO(name);
        CHECK_FALSE(body.contains(name));
    }
}

TEST_CASE("a receipt that was sent is read back as it was") {
    receipt done{"order-42", outcome::committed, 7, 0x16B374D848, true, {}, {}};
    done.decided_at = std::chrono::system_clock::time_point(std::chrono::milliseconds(1'714'564'800'250));
    done.statements.push_back({2, {"id", "note"}, {{"1", std::nullopt}, {"2", "x"}}});
    done.statements.push_back({1, {}, {}});
    CHECK(read_receipt(200, boost::json::serialize(to_json(done)), "").value() == done);
}

TEST_CASE("what waiting does not mend has advice that fits it, and only then the request again") {
    const auto waits = to_problem(error{errc::deadline_expired, "late"}, "orders");
    CHECK(waits.hint == "Send the same request again a little later.");
    for (const auto code : {errc::database_unreachable, errc::deadline_expired, errc::no_leader}) {
        const auto refused = to_problem(error{code, "denied", "42501"}, "orders");
        CHECK(refused.hint.find("penholder init --lane-role") != std::string::npos);
        CHECK(refused.hint.ends_with(". Then send the same request again."));
        CHECK(to_problem(error{code, "full", "53100"}, "orders").hint.starts_with("Free disk space"));
    }
}

TEST_CASE("a HINT that PostgreSQL ends without a full stop gets one before the advice") {
    receipt refused{"k", outcome::rejected, 7, 0, false, {}, reason{errc::statement_failed, "no", "P0001", 0}};
    refused.why->hint = "do x";
    CHECK(to_problem(refused, "orders").hint.starts_with("do x. The write was rolled back"));
    refused.why->hint = "Do x!";
    CHECK(to_problem(refused, "orders").hint.starts_with("Do x! The write was rolled back"));
}

}  // namespace
