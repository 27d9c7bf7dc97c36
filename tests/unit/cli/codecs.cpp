#include "cli/nodes/http_client.hpp"
#include "cli/nodes/node_url.hpp"
#include "cli/nodes/problem_codec.hpp"
#include "cli/nodes/receipt_document.hpp"
#include "cli/nodes/status_codec.hpp"
#include "cli/nodes/write_body.hpp"
#include "cli/render/renderer.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

using namespace penholder;
using namespace penholder::cli;
using namespace std::chrono_literals;

TEST_CASE("a node's status is read, and what is missing keeps its default") {
    const auto status = decode_node_status(R"({"node":"orders-1","ensemble_connected":true,"session_timeout_ms":6000,
        "groups":[{"group":"orders","role":"serving","term":7,"leader":"orders-1","leader_serving":true,
        "last_contact_ms":null,"queued_writes":3,"members":[{"node":"orders-2","http_endpoint":"127.0.0.1:1"}]}]})");
    REQUIRE(status.has_value());
    CHECK(status->node == "orders-1");
    REQUIRE(status->groups.size() == 1);
    CHECK(status->groups[0].now.role == role::serving);
    CHECK(status->groups[0].now.term == 7);
    CHECK(status->groups[0].queued_writes == 3);
    CHECK_FALSE(status->groups[0].last_contact_ms.has_value());
    CHECK(status->groups[0].members[0].http_endpoint == "127.0.0.1:1");
    CHECK(decode_node_status(R"({"groups":[{"term":"seven","members":5}]})").value().groups[0].now.term == 0);
}

TEST_CASE("an answer that is no node's is an error, not a crash") {
    for (const auto* body : {"", "<html>", "[1,2]", "null", "\"text\""}) {
        CHECK(decode_node_status(body).has_error());
        CHECK(decode_history(body).has_error());
    }
}

TEST_CASE("history is read from its terms") {
    const auto terms = decode_history(
        R"({"group":"orders","terms":[{"term":7,"node":"orders-1","since":"2026-11-23T19:30:00Z","began":"takeover",
            "evidence":"its link broke"},{"term":8,"node":"orders-2","since":"","began":"handover"}]})");
    REQUIRE(terms.has_value());
    CHECK(terms->front() == term_record{7, "orders-1", "2026-11-23T19:30:00Z", "takeover", "its link broke"});
    CHECK(terms->back() == term_record{8, "orders-2", "", "handover"});
}

TEST_CASE("a committed write is a receipt with its rows") {
    const auto answer = decode_receipt({200, R"({"write_id":"k1","outcome":"committed","term":7,"lsn":"16/B374D848",
        "replayed":true,"statements":[{"rows_affected":2,"columns":["id","note"],"rows":[["1",null],["2","x"]]}]})",
                                        ""},
                                       "k1");
    REQUIRE(answer.has_value());
    CHECK(answer->outcome == outcome::committed);
    CHECK(answer->replayed);
    CHECK(lsn_to_string(answer->lsn) == "16/B374D848");
    const auto made = describe_receipt(*answer);
    CHECK(render_table(made, false) ==
          "committed  write id k1  term 7  lsn 16/B374D848  replayed\n"
          "STATEMENT  ROWS AFFECTED  RETURNED\n"
          "        0              2  [[\"1\",null],[\"2\",\"x\"]]\n");
    CHECK(made.data.at("statements").at(0).at("rows").at(0).at(1).is_null());
}

TEST_CASE("a problem is a rejected receipt that says which statement and why") {
    const auto answer = decode_receipt({422, R"({"type":"urn:x","title":"Statement failed","status":422,
        "code":"statement_failed","detail":"column \"q\" does not exist","outcome":"rejected","write_id":"k2",
        "sqlstate":"42703","statement":1})",
                                        ""},
                                       "k2");
    REQUIRE(answer.has_value());
    CHECK(answer->outcome == outcome::rejected);
    REQUIRE(answer->why);
    CHECK(answer->why->code == errc::statement_failed);
    CHECK(answer->why->sqlstate == "42703");
    CHECK(answer->why->statement == 1U);
    CHECK(render_tsv(describe_receipt(*answer), false) == "k2\trejected\t\t\tno\t1\t\t\tstatement_failed 42703\n");
}

TEST_CASE("an unknown outcome keeps the id to ask again with") {
    const auto answer = decode_receipt({504, R"({"code":"outcome_unknown","outcome":"unknown"})", ""}, "k3");
    REQUIRE(answer.has_value());
    CHECK(answer->outcome == outcome::unknown);
    CHECK(answer->write_id == "k3");
}

TEST_CASE("an answer without an outcome is judged by its HTTP status") {
    CHECK(decode_receipt({503, "busy", ""}, "k").error().code == errc::no_leader);
    CHECK(decode_problem({401, "", ""}).code == errc::unauthorized);
    CHECK(decode_problem({500, "oops", ""}).message == "the node answered HTTP status 500");
    CHECK(decode_problem({409, R"({"code":"refused","detail":"orders-2 is an observer"})", ""}).code == errc::refused);
}

TEST_CASE("a node's URL is http, host and port, or a unix socket") {
    CHECK(url_text(parse_node_url("http://127.0.0.1:7432").value()) == "http://127.0.0.1:7432");
    CHECK(url_text(parse_node_url("127.0.0.1:7432/").value()) == "http://127.0.0.1:7432");
    CHECK(url_text(parse_node_url("0.0.0.0:7432").value()) == "http://127.0.0.1:7432");
    CHECK(url_text(parse_node_url("[::]:7432").value()) == "http://[::1]:7432");
    CHECK(url_text(parse_node_url("unix:/run/p.sock").value()) == "unix:/run/p.sock");
    for (const auto* wrong : {"", "http://", "https://a:1", "host", "host:0", "host:99999", "unix:"}) {
        CAPTURE(wrong);
        CHECK(parse_node_url(wrong).has_error());
    }
}

TEST_CASE("path segments are percent-encoded") {
    CHECK(path_segment("a/b c%") == "a%2Fb%20c%25");
    CHECK(path_segment("orders-1.x_y") == "orders-1.x_y");
}

TEST_CASE("a write's body has the statement, its parameters and NULL") {
    CHECK(write_body("UPDATE t SET a = $1 WHERE b = $2", {"x", "\\N"}, 1, 5s) ==
          R"({"statements":[{"sql":"UPDATE t SET a = $1 WHERE b = $2","params":["x",null],"expect_rows":1}],)"
          R"("deadline_ms":5000})");
}

TEST_CASE("statements on standard input are a list or a whole body") {
    const auto list = write_body_from_json(R"([{"sql":"SELECT 1"}])", 2s);
    CHECK(boost::json::parse(*list) == boost::json::parse(R"({"statements":[{"sql":"SELECT 1"}],"deadline_ms":2000})"));
    const auto whole = write_body_from_json(R"({"statements":[],"deadline_ms":7})", 2s);
    CHECK(boost::json::parse(*whole).at("deadline_ms") == 7);
    CHECK(write_body_from_json("7", 2s).error().code == errc::invalid_argument);
    CHECK(write_body_from_json("", 2s).error().code == errc::invalid_argument);
}

}  // namespace
