#include "running_daemon.hpp"
#include "support/patience.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <future>

using namespace penholder::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Reads a daemon's event stream until the test has seen what it waits for.
class event_reader {
public:
    explicit event_reader(const running_daemon& of) : socket_(io_) {
        socket_.connect({boost::asio::ip::address_v4::loopback(), of.port()});
        const std::string request = "GET /v1/groups/orders/events HTTP/1.1\r\nHost: localhost\r\n\r\n";
        boost::asio::write(socket_, boost::asio::buffer(request));
        socket_.non_blocking(true);
    }

    bool sees(const std::string& text) {
        return eventually([&] {
            std::array<char, 4096> piece;
            boost::system::error_code nothing_yet;
            const auto count = socket_.read_some(boost::asio::buffer(piece), nothing_yet);
            seen_.append(piece.data(), count);
            return seen_.find(text) != std::string::npos;
        });
    }
    bool ends() {
        return eventually([&] {
            std::array<char, 4096> piece;
            boost::system::error_code failed;
            socket_.read_some(boost::asio::buffer(piece), failed);
            return failed && failed != boost::asio::error::would_block;
        });
    }

private:
    boost::asio::io_context io_;
    boost::asio::ip::tcp::socket socket_;
    std::string seen_;
};

}  // namespace

TEST_CASE("status, group and history show who leads since when") {
    running_daemon daemon(leading_plan());
    daemon.wait_until_ready();
    const auto status = daemon.get("/v1/status");
    CHECK(status.status == 200);
    CHECK(status.text("node") == "orders-1");
    CHECK(status.text("ensemble_connected") == "true");
    const auto group = daemon.get("/v1/groups/orders");
    CHECK(group.text("role") == "serving");
    CHECK(group.text("leader") == "orders-1");
    CHECK(group.text("term") == "1");
    CHECK_FALSE(group.text("leader_since").empty());
    CHECK_THAT(group.text("members"), ContainsSubstring(std::to_string(daemon.port())));
    const auto history = daemon.get("/v1/groups/orders/history");
    CHECK(history.status == 200);
    CHECK_THAT(history.text("terms"), ContainsSubstring(R"("term":1,"node":"orders-1")"));
}

TEST_CASE("health endpoints of a leader") {
    running_daemon daemon(leading_plan());
    daemon.wait_until_ready();
    CHECK(daemon.get("/livez").status == 200);
    CHECK(daemon.get("/readyz").status == 200);
    CHECK(daemon.get("/leader").status == 200);
    CHECK(daemon.get("/leader?group=orders").status == 200);
    CHECK(daemon.get("/leader?group=nope").status == 404);
    CHECK(daemon.get("/follower").status == 503);
    CHECK(daemon.ask("HEAD", "/leader").status == 200);
    const auto metrics = daemon.get("/metrics");
    CHECK_THAT(metrics.headers.at("content-type"), ContainsSubstring("text/plain; version=0.0.4"));
    CHECK_THAT(metrics.body, ContainsSubstring("penholder_leader{group=\"orders\"} 1\n"));
    CHECK_THAT(metrics.body, ContainsSubstring("penholder_term{group=\"orders\"} 1\n"));
}

TEST_CASE("with several groups a load balancer must say which one it means") {
    auto how = leading_plan();
    how.more = "[[group]]\nname = \"others\"\n";
    running_daemon daemon(how);
    daemon.wait_until_live();
    const auto refused = daemon.get("/leader");
    CHECK(refused.status == 400);
    CHECK_THAT(refused.text("detail"), ContainsSubstring("?group="));
    CHECK(eventually([&] { return daemon.get("/leader?group=others").status == 200; }));
}

TEST_CASE("a handover with nobody to hand over to is refused, and a pause shows") {
    running_daemon daemon(leading_plan());
    daemon.wait_until_ready();
    const auto missing = daemon.post("/v1/groups/orders/handover", R"({"to":"orders-9","within_ms":1000})");
    INFO(missing.body);
    CHECK(missing.status == 404);
    CHECK(missing.text("code") == "node_not_found");
    CHECK(daemon.post("/v1/groups/orders/handover", R"({"too":"x"})").status == 400);
    const auto itself = daemon.post("/v1/groups/orders/handover", R"({"to":"orders-1","within_ms":5000})");
    CHECK(itself.status == 200);
    CHECK(itself.text("leader") == "orders-1");
    CHECK(itself.text("term") == "1");
    CHECK(daemon.post("/v1/groups/orders/pause", "").text("paused") == "true");
    CHECK(eventually([&] { return daemon.get("/v1/groups/orders").text("paused") == "true"; }));
    CHECK(daemon.post("/v1/groups/orders/resume", "").text("paused") == "false");
    CHECK(eventually([&] { return daemon.get("/v1/groups/orders").text("paused") == "false"; }));
}

TEST_CASE("a leader that resigns alone leads again in the next term") {
    running_daemon daemon(leading_plan());
    daemon.wait_until_ready();
    const auto resigned = daemon.post("/v1/groups/orders/resign", R"({"within_ms":5000})");
    INFO(resigned.body);
    CHECK((resigned.status == 200 || resigned.status == 409));
    daemon.wait_until_ready();
}

TEST_CASE("an event stream tells how things stand, then every change, and ends with the daemon") {
    running_daemon daemon(leading_plan());
    daemon.wait_until_ready();
    event_reader events(daemon);
    CHECK(events.sees("Content-Type: text/event-stream"));
    CHECK(events.sees("X-Accel-Buffering: no"));
    CHECK(events.sees("event: leadership\nid: "));
    CHECK(events.sees("event: members\nid: "));
    CHECK(events.sees("\"role\":\"serving\""));
    daemon.running().send(SIGTERM);
    CHECK(events.ends());
    CHECK(daemon.running().wait() == 0);
}

TEST_CASE("a quiet event stream gets comments") {
    auto how = leading_plan();
    how.http = "heartbeat_ms = 100";
    running_daemon daemon(how);
    daemon.wait_until_ready();
    event_reader events(daemon);
    CHECK(events.sees(": still here\n\n"));
}
