#include "running_daemon.hpp"
#include "support/patience.hpp"
#include "support/temporary_directory.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <array>
#include <filesystem>
#include <fstream>
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
    CHECK(refused.headers.at("allow") == "GET, HEAD, DELETE, OPTIONS");
    CHECK(daemon.get("/v1/groups/orders/writes").headers.at("allow") == "POST, OPTIONS");
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

TEST_CASE("two keys for one write, and one that is empty, are refused") {
    const auto daemon = daemon_alone();
    daemon.wait_until_live();
    const std::string head = std::string("POST ") + writes + " HTTP/1.1\r\nContent-Type: application/json\r\n";
    const std::string rest = "Connection: close\r\nContent-Length: 2\r\n\r\n{}";
    const auto twice = daemon.raw(head + "Idempotency-Key: a\r\nIdempotency-Key: a\r\n" + rest);
    CHECK_THAT(twice, StartsWith("HTTP/1.1 400") && ContainsSubstring("Idempotency-Key is there more than once"));
    CHECK_THAT(daemon.raw(head + "Idempotency-Key: \r\n" + rest),
               StartsWith("HTTP/1.1 400") && ContainsSubstring("Idempotency-Key is empty"));
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

TEST_CASE("past a limit of connections that are being answered there is room for health checks, and for nothing else") {
    const auto daemon = daemon_alone("max_connections = 2");
    daemon.wait_until_live();
    boost::asio::io_context io;
    std::list<boost::asio::ip::tcp::socket> answered;
    const auto connect = [&]() -> auto& {
        auto& one = answered.emplace_back(io);
        one.connect({boost::asio::ip::address_v4::loopback(), daemon.port()});
        return one;
    };
    for (int i = 0; i < 2; ++i) {
        auto& one = connect();
        boost::asio::write(one, boost::asio::buffer(std::string("GET /v1/groups/orders/events HTTP/1.1\r\n\r\n")));
        std::array<char, 12> status;
        boost::asio::read(one, boost::asio::buffer(status));
        REQUIRE(std::string(status.data(), status.size()) == "HTTP/1.1 200");
    }
    const auto refused = daemon.get("/v1/groups/orders/events");
    CHECK(refused.status == 503);
    CHECK(refused.text("code") == "too_many_connections");
    CHECK(daemon.post(writes, with_sql("SELECT 1")).status == 503);
    // However many take the places for health checks and ask nothing, or ask for what is not theirs.
    for (int i = 0; i < 40; ++i) connect();
    for (int i = 0; i < 40; ++i) {
        boost::asio::write(connect(),
                           boost::asio::buffer(std::string("GET /v1/groups/orders/events HTTP/1.1\r\n\r\n")));
    }
    for (const auto* path : {"/livez", "/metrics", "/livez"}) CHECK(daemon.get(path).status == 200);
    CHECK(daemon.get("/readyz").status == 503);
    answered.clear();
    CHECK(eventually([&] { return daemon.get("/v1/status").status == 200; }));
}

TEST_CASE("a page whose name was led to this machine reaches nothing") {
    const auto daemon = daemon_alone("advertise = \"orders.example:7432\"");
    daemon.wait_until_live();
    const auto named = [&](const std::string& host) { return daemon.get("/v1/status", {{"Host", host}}); };
    const auto refused = named("evil.example:7432");
    CHECK(refused.status == 421);
    CHECK(refused.text("code") == "wrong_host");
    CHECK_THAT(refused.text("detail"), ContainsSubstring("'evil.example:7432'") && ContainsSubstring("http.advertise"));
    CHECK(named("127.evil.example").status == 421);
    CHECK(daemon.get("/metrics", {{"Host", "evil.example"}}).status == 421);
    for (const auto* host : {"localhost:80", "127.0.0.1", "[::1]:7432", "orders.example"}) {
        INFO(host);
        CHECK(named(host).status == 200);
    }
    const auto raw = [&](const std::string& request) { return daemon.raw(request + "Connection: close\r\n\r\n"); };
    CHECK_THAT(raw("GET /livez HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n"), StartsWith("HTTP/1.1 400"));
    const running_daemon by_socket({.unix_socket = true});
    by_socket.wait_until_live();
    CHECK(by_socket.get("/v1/status", {{"Host", "anything.example"}}).status == 200);
}

TEST_CASE("a target that is a whole URL is taken by its path, and its host goes before the header's") {
    const auto daemon = daemon_alone();
    daemon.wait_until_live();
    const auto ask = [&](const std::string& target, const std::string& host = "localhost") {
        return daemon.raw("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    };
    CHECK_THAT(ask("http://localhost:7432/v1/status"), StartsWith("HTTP/1.1 200"));
    CHECK_THAT(ask("http://localhost/leader?group=nope"), StartsWith("HTTP/1.1 404"));
    CHECK_THAT(ask("http://localhost/v1/status", "evil.example"), StartsWith("HTTP/1.1 200"));
    CHECK_THAT(ask("http://evil.example/v1/status"), StartsWith("HTTP/1.1 421"));
    CHECK_THAT(ask("ftp://localhost/v1/status"), StartsWith("HTTP/1.1 400"));
    CHECK_THAT(ask("localhost:7432"), StartsWith("HTTP/1.1 400"));
}

TEST_CASE("who asks for the methods of a path is told, and no page of another site is let in by it") {
    const auto daemon = daemon_alone("token = \"app-token-of-16+\"");
    daemon.wait_until_live();
    const auto told = daemon.ask("OPTIONS", writes, {}, {{"Origin", "https://example.org"}});
    CHECK(told.status == 200);
    CHECK(told.body.empty());
    CHECK(told.headers.at("allow") == "POST, OPTIONS");
    CHECK_FALSE(told.headers.contains("access-control-allow-origin"));
    CHECK(daemon.ask("OPTIONS", "*").headers.at("allow") == "GET, HEAD, POST, DELETE, OPTIONS");
    CHECK(daemon.ask("OPTIONS", "/nothing").status == 404);
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
    const auto daemon = daemon_alone(
        "token = \"app-token-of-16+\\nshop next-app-token-of-16+\"\noperator_token = \"alice ops-token-of-16+\"");
    daemon.wait_until_live();
    const running_daemon::headers app{{"Authorization", "Bearer app-token-of-16+"}};
    const running_daemon::headers ops{{"Authorization", "Bearer ops-token-of-16+"}};
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
    CHECK(daemon.get("/v1/status", {{"Authorization", "Bearer next-app-token-of-16+"}}).status == 200);
    CHECK_THAT(daemon.log(), ContainsSubstring("operator_call call=resign group=orders node=orders-1 token=alice"));
    CHECK(daemon.get("/metrics").status == 200);
    CHECK(daemon.get("/livez").status == 200);
}

TEST_CASE("a file of tokens is read again when it changes and on SIGHUP, and never left without a token") {
    const temporary_directory folder;
    const auto path = (folder / "tokens").string();
    const auto write_tokens = [&](const std::string& text) {
        std::ofstream(path + ".new") << text;
        std::filesystem::permissions(path + ".new", std::filesystem::perms(0600));
        std::filesystem::rename(path + ".new", path);
    };
    write_tokens("old-token-of-16++\n");
    auto daemon = daemon_alone("token_file = \"" + path + "\"");
    daemon.wait_until_live();
    const auto status = [&](const std::string& token) {
        return daemon.get("/v1/status", {{"Authorization", "Bearer " + token}}).status;
    };
    CHECK(status("old-token-of-16++") == 200);
    write_tokens("old-token-of-16++\nshop new-token-of-16++\n");
    CHECK(eventually([&] { return status("new-token-of-16++") == 200; }));
    CHECK(status("old-token-of-16++") == 200);
    write_tokens("new-token-of-16++\n");
    CHECK(eventually([&] { return status("old-token-of-16++") == 401; }));
    CHECK_THAT(daemon.log(), ContainsSubstring("tokens_read node=orders-1 key=http.token tokens=1"));

    write_tokens("short\n");
    CHECK(eventually([&] { return daemon.log().find("tokens_not_read") != std::string::npos; }));
    CHECK(status("new-token-of-16++") == 200);
    CHECK(status("short") == 401);
    std::filesystem::remove(path);
    daemon.running().send(SIGHUP);
    CHECK(eventually([&] { return daemon.log().find("No such file") != std::string::npos; }));
    CHECK(status("new-token-of-16++") == 200);
    write_tokens("next-token-of-16+\n");
    daemon.running().send(SIGHUP);
    CHECK(eventually([&] { return status("next-token-of-16+") == 200; }));
}
