#include "cli/nodes/http_client.hpp"
#include "cli/nodes/node_url.hpp"
#include "cli/nodes/receipt_document.hpp"
#include "cli/nodes/write_body.hpp"
#include "cli/render/renderer.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

namespace {

using namespace penholder;
using namespace penholder::cli;
using namespace std::chrono_literals;

TEST_CASE("a committed receipt is shown with its rows") {
    receipt done{"k1", outcome::committed, 7, 0x16B374D848, true, {}, {}};
    done.statements.push_back({2, {"id", "note"}, {{"1", std::nullopt}, {"2", "x"}}});
    const auto made = describe_receipt(done);
    CHECK(render_table(made, false) ==
          "committed  write id k1  term 7  lsn 16/B374D848  replayed\n"
          "STATEMENT  ROWS AFFECTED  RETURNED\n"
          "        0              2  [[\"1\",null],[\"2\",\"x\"]]\n");
    CHECK(made.data.at("statements").at(0).at("rows").at(0).at(1).is_null());
}

TEST_CASE("a rejected receipt is shown with the statement and the reason, as HTTP shows it") {
    const receipt refused{
        "k2", outcome::rejected, 0, 0, false, {}, reason{errc::statement_failed, "no column", "42703", 1}};
    const auto made = describe_receipt(refused);
    CHECK(render_tsv(made, false) == "k2\trejected\t\t\tno\t1\t\t\tstatement_failed 42703\n");
    CHECK(made.data.at("why").at("code") == "statement_failed");
    CHECK(made.data.at("why").at("sqlstate") == "42703");
}

TEST_CASE("a node's URL is http, host and port, or a unix socket") {
    CHECK(url_text(parse_node_url("http://127.0.0.1:7432").value()) == "http://127.0.0.1:7432");
    CHECK(url_text(parse_node_url("https://orders-1:7432/").value()) == "https://orders-1:7432");
    CHECK(url_text(parse_node_url("127.0.0.1:7432/").value()) == "http://127.0.0.1:7432");
    CHECK(url_text(parse_node_url("0.0.0.0:7432").value()) == "http://127.0.0.1:7432");
    CHECK(url_text(parse_node_url("[::]:7432").value()) == "http://[::1]:7432");
    CHECK(url_text(parse_node_url("unix:/run/p.sock").value()) == "unix:/run/p.sock");
    for (const auto* wrong :
         {"", "http://", "https://", "http://unix:/run/p.sock", "host", "host:0", "host:99999", "unix:"}) {
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
    CHECK_FALSE(write_body_from_json(R"({"statements":[],"values":"json"})", 2s).has_value());
    const auto whole = write_body_from_json(R"({"statements":[],"deadline_ms":7})", 2s);
    CHECK(boost::json::parse(*whole).at("deadline_ms") == 7);
    CHECK(write_body_from_json("7", 2s).error().code == errc::invalid_argument);
    CHECK(write_body_from_json("", 2s).error().code == errc::invalid_argument);
}

}  // namespace
