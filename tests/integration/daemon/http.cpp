#include "running_daemon.hpp"
#include "support/patience.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <array>
#include <list>
#include <sys/stat.h>

using namespace penholder::testing;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

running_daemon daemon_alone(const std::string& http = {}) {
    return running_daemon({.http = http});
}

}  // namespace

TEST_CASE("a path that is not there answers 404, a wrong method 405 with those allowed") {
    const auto daemon = daemon_alone();
    daemon.wait_until_live();
    CHECK(daemon.get("/nothing").status == 404);
    CHECK(daemon.get("/v1/groups//writes").status == 404);
    const auto refused = daemon.ask("PUT", "/v1/groups/orders/writes/key");
    CHECK(refused.status == 405);
    CHECK(refused.headers.at("allow") == "GET, HEAD, DELETE");
    CHECK(daemon.get("/v1/groups/orders/writes").headers.at("allow") == "POST");
    CHECK(daemon.ask("BREW", "/livez").status == 405);
}

TEST_CASE("a body that does not say that it is JSON answers 415") {
    const auto daemon = daemon_alone();
    daemon.wait_until_live();
    CHECK(daemon.ask("POST", "/v1/groups/orders/writes", "{}", {{"Content-Type", "text/plain"}}).status == 415);
    CHECK(daemon.ask("POST", "/v1/groups/orders/writes", "{}").status == 415);
    CHECK(daemon.ask("POST", "/v1/groups/orders/writes", "{}", {{"Content-Type", "Application/JSON; charset=utf-8"}})
              .status == 400);
}

TEST_CASE("a web page cannot make a browser write or move the leadership") {
    const auto daemon = daemon_alone();
    daemon.wait_until_live();
    const running_daemon::headers from_a_page{{"Origin", "https://example.org"}};
    CHECK(daemon.ask("POST", "/v1/groups/orders/resign", "", from_a_page).status == 403);
    CHECK(daemon.post("/v1/groups/orders/writes", "{}", from_a_page).status == 403);
}

TEST_CASE("a body over the limit answers 413, headers over the limit 431") {
    const auto daemon = daemon_alone("max_body_bytes = 2048");
    daemon.wait_until_live();
    const auto refused = daemon.post("/v1/groups/orders/writes", std::string(500'000, 'x'));
    CHECK(refused.status == 413);
    CHECK(refused.text("code") == "payload_too_large");
    CHECK(daemon.get("/livez", {{"X-Long", std::string(20'000, 'x')}}).status == 431);
    CHECK(daemon.get("/livez").status == 200);
}

TEST_CASE("garbage instead of HTTP answers 400 and closes") {
    const auto daemon = daemon_alone();
    daemon.wait_until_live();
    CHECK_THAT(daemon.raw("\x16\x03\x01 garbage\r\n\r\n"), StartsWith("HTTP/1.1 400"));
    CHECK_THAT(daemon.raw("GET livez HTTP/1.1\r\nConnection: close\r\n\r\n"), StartsWith("HTTP/1.1 400"));
    CHECK(daemon.get("/livez").status == 200);
}

TEST_CASE("a request that dawdles is cut") {
    const auto daemon = daemon_alone("request_timeout_ms = 200");
    daemon.wait_until_live();
    CHECK(daemon.raw("GET /livez HTT").empty());
    CHECK(daemon.raw("POST /v1/groups/orders/writes HTTP/1.1\r\nContent-Length: 100\r\n\r\n{").empty());
    CHECK(daemon.get("/livez").status == 200);
}

TEST_CASE("a connection that asks nothing is closed") {
    const auto daemon = daemon_alone("idle_timeout_ms = 200");
    daemon.wait_until_live();
    CHECK(daemon.raw("").empty());
}

TEST_CASE("requests sent in one go are answered in order") {
    const auto daemon = daemon_alone();
    daemon.wait_until_live();
    const auto answers = daemon.raw(
        "GET /livez HTTP/1.1\r\n\r\nGET /nothing HTTP/1.1\r\n\r\nGET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n");
    const auto live = answers.find("HTTP/1.1 200");
    const auto missing = answers.find("HTTP/1.1 404");
    const auto metrics = answers.find("penholder_build_info");
    CHECK(live < missing);
    CHECK(missing < metrics);
    CHECK(metrics != std::string::npos);
}

TEST_CASE("a body whose end nobody can tell is refused, and nothing behind it is taken for a request") {
    const auto daemon = daemon_alone();
    daemon.wait_until_live();
    const std::string hidden = "GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n";
    const std::string post = "POST /v1/groups/orders/writes HTTP/1.";
    for (const auto& [version, fields] : std::vector<std::pair<std::string, std::string>>{
             {"1", "Transfer-Encoding: xchunked"},
             {"1", "Transfer-Encoding: gzip"},
             {"1", "Transfer-Encoding: gzip, chunked"},
             {"1", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"},
             {"0", "Transfer-Encoding: chunked"},
             {"1", "Transfer-Encoding: chunked\r\nContent-Length: 3"}}) {
        INFO(version << " " << fields);
        const auto answers = daemon.raw(post + version + "\r\n" + fields + "\r\n\r\n" + hidden);
        CHECK_THAT(answers, StartsWith("HTTP/1.1 501") || StartsWith("HTTP/1.1 400"));
        CHECK(answers.find("HTTP/1.1 200") == std::string::npos);
    }
    const auto whole = daemon.raw(post + "1\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n" + hidden);
    CHECK_THAT(whole, StartsWith("HTTP/1.1 400"));
    CHECK(whole.find("HTTP/1.1 200") != std::string::npos);
}

TEST_CASE("a client that waits to be told to go on is told") {
    const auto daemon = daemon_alone();
    daemon.wait_until_live();
    CHECK_THAT(daemon.raw("POST /v1/groups/orders/writes HTTP/1.1\r\nExpect: 100-continue\r\nConnection: close\r\n"
                          "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"),
               StartsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400"));
}

TEST_CASE("past the limit the connection that has asked nothing for the longest time gives way") {
    const auto daemon = daemon_alone("max_connections = 2");
    daemon.wait_until_live();
    boost::asio::io_context io;
    std::list<boost::asio::ip::tcp::socket> idle;
    for (int i = 0; i < 2; ++i) {
        idle.emplace_back(io).connect({boost::asio::ip::address_v4::loopback(), daemon.port()});
    }
    CHECK(daemon.get("/livez").status == 200);
    std::array<char, 16> nothing;
    boost::system::error_code ended;
    idle.front().read_some(boost::asio::buffer(nothing), ended);
    CHECK(ended == boost::asio::error::eof);
}

TEST_CASE("connections past a limit of those that are being answered are closed at once, and come in again later") {
    const auto daemon = daemon_alone("max_connections = 2");
    daemon.wait_until_live();
    boost::asio::io_context io;
    std::list<boost::asio::ip::tcp::socket> answered;
    for (int i = 0; i < 2; ++i) {
        auto& one = answered.emplace_back(io);
        one.connect({boost::asio::ip::address_v4::loopback(), daemon.port()});
        boost::asio::write(one, boost::asio::buffer(std::string("GET /v1/groups/orders/events HTTP/1.1\r\n\r\n")));
        std::array<char, 12> status;
        boost::asio::read(one, boost::asio::buffer(status));
        REQUIRE(std::string(status.data(), status.size()) == "HTTP/1.1 200");
    }
    CHECK(eventually([&] {
        try {
            return daemon.raw("GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n").empty();
        } catch (const std::exception&) {
            return true;
        }
    }));
    answered.clear();
    daemon.wait_until_live();
}

TEST_CASE("a unix socket serves its owner and group, and is replaced where nobody listens any more") {
    running_daemon daemon({.unix_socket = true});
    daemon.wait_until_live();
    struct stat about {};
    REQUIRE(::stat(daemon.socket_path().c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0660);
    const auto second = run_penholderd({"--config", daemon.config_path()});
    CHECK(second.code == 1);
    CHECK_THAT(second.output, ContainsSubstring("Address already in use"));
    CHECK(daemon.get("/livez").status == 200);

    daemon.running().kill();
    CHECK(::stat(daemon.socket_path().c_str(), &about) == 0);
    process next({.command = {PENHOLDER_BINARY_DIR "/bin/penholderd", "--config", daemon.config_path()}});
    daemon.wait_until_live();
    next.send(SIGTERM);
    CHECK(next.wait() == 0);
    CHECK(::stat(daemon.socket_path().c_str(), &about) != 0);
}

TEST_CASE("tokens: applications may write, only operators may move the leadership") {
    const auto daemon = daemon_alone("token = \"app\\nshop next\"\noperator_token = \"alice ops\"");
    daemon.wait_until_live();
    const running_daemon::headers app{{"Authorization", "Bearer app"}};
    const running_daemon::headers ops{{"Authorization", "Bearer ops"}};
    const auto refused = daemon.get("/v1/status");
    CHECK(refused.status == 401);
    CHECK(refused.headers.at("www-authenticate") == "Bearer");
    CHECK(daemon.get("/v1/status", {{"Authorization", "Bearer wrong"}}).status == 401);
    CHECK(daemon.get("/v1/status", app).status == 200);
    CHECK(daemon.get("/v1/status", ops).status == 200);
    CHECK(daemon.post("/v1/groups/orders/resign", "{}", app).status == 403);
    const auto resigned = daemon.post("/v1/groups/orders/resign", "{}", ops).status;
    CHECK(resigned != 401);
    CHECK(resigned != 403);
    CHECK(daemon.get("/v1/status", {{"Authorization", "Bearer next"}}).status == 200);
    CHECK_THAT(daemon.log(), ContainsSubstring("operator_call call=resign group=orders node=orders-1 token=alice"));
    CHECK(daemon.get("/metrics").status == 200);
    CHECK(daemon.get("/livez").status == 200);
}
