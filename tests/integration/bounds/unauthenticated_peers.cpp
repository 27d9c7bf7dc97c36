// Connections by the thousand, to a real penholderd, that want nothing but to be there.
#include "integration/cluster/cluster.hpp"
#include "integration/cluster/sidecar.hpp"
#include "support/memory.hpp"
#include "support/patience.hpp"

#include <boost/asio/write.hpp>
#include <catch2/catch_test_macros.hpp>

#include <deque>
#include <sys/resource.h>

namespace penholder::testing {

namespace asio = boost::asio;

namespace {

/// Lets this process have as many connections as the system permits, for as long as it exists.
class many_files {
public:
    many_files() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        auto raised = before_;
        raised.rlim_cur = raised.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &raised);
        if (raised.rlim_cur < 11'000) throw std::runtime_error("this test opens 10,000 connections: raise ulimit -Hn");
    }
    ~many_files() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    many_files(const many_files&) = delete;
    many_files& operator=(const many_files&) = delete;

private:
    rlimit before_{};
};

/// Connects to a port of this machine from several addresses of it, and says as much as `greeting`.
class idle_connections {
public:
    idle_connections(std::uint16_t port, std::size_t count, const std::string& greeting = {}) {
        for (std::size_t i = 0; i < count; ++i) {
            auto& one = sockets_.emplace_back(io_);
            one.open(asio::ip::tcp::v4());
            const auto from = asio::ip::make_address_v4("127.0.0." + std::to_string(2 + i % 8));
            one.bind({from, 0});
            one.connect({asio::ip::address_v4::loopback(), port});
            boost::system::error_code closed_already;
            if (!greeting.empty()) asio::write(one, asio::buffer(greeting), closed_already);
        }
    }

private:
    asio::io_context io_;
    std::deque<asio::ip::tcp::socket> sockets_;
};

struct sidecars {
    sidecars() : root("/unauthenticated" + std::to_string(++made)) {
        nodes.emplace_back(plan("orders-1"));
        wait_until(
            "the first sidecar leads", [this] { return nodes[0].role() == "serving"; }, limit::leadership);
    }
    sidecar::plan plan(const std::string& name) const {
        return {name, shared_zookeeper().connect_string(), root, room.conninfo()};
    }

    static inline int made = 0;
    cluster room{{.nodes = 0}};
    std::string root;
    std::deque<sidecar> nodes;
};

unsigned write_through(std::uint16_t http_port) {
    return http_client(http_port).post("/v1/groups/orders/writes", R"({"statements":[{"sql":"SELECT 1"}]})").status;
}

}  // namespace

TEST_CASE("ten thousand silent connections to the links' port keep no follower out") {
    const many_files limit;
    sidecars on;
    const auto before = resident_bytes(on.nodes[0].running().pid());
    const idle_connections silent(on.nodes[0].link_port(), 10'000);
    on.nodes.emplace_back(on.plan("orders-2"));
    wait_until(
        "the follower is linked and its writes are committed",
        [&] {
            const auto now = on.nodes[1].status();
            const auto* fields = now.if_object();
            return fields != nullptr && fields->at("link_connected").as_bool() &&
                   write_through(on.nodes[1].http_port()) == 200;
        },
        limit::leadership);
    const auto after = resident_bytes(on.nodes[0].running().pid());
    WARN("10,000 silent connections; memory grew by " << (after - before) / 1024 << " KiB");
    CHECK(after < before + (32U << 20U));
}

TEST_CASE("ten thousand HTTP connections, silent or half asked, keep no application out") {
    const many_files limit;
    sidecars on;
    const auto before = resident_bytes(on.nodes[0].running().pid());
    const auto port = on.nodes[0].http_port();
    const idle_connections silent(port, 5'000);
    CHECK(write_through(port) == 200);
    const idle_connections slow(port, 5'000, "POST /v1/groups/orders/writes HTTP/1.1\r\nContent-Length: 1000000\r\n");
    CHECK(write_through(port) == 200);
    const auto after = resident_bytes(on.nodes[0].running().pid());
    WARN("10,000 HTTP connections; memory grew by " << (after - before) / 1024 << " KiB");
    CHECK(after < before + (96U << 20U));
}

TEST_CASE("a client that asks and never reads is not waited for, and costs little memory") {
    sidecars on;
    const auto before = resident_bytes(on.nodes[0].running().pid());
    asio::io_context io;
    asio::ip::tcp::socket deaf(io);
    deaf.open(asio::ip::tcp::v4());
    deaf.set_option(asio::socket_base::receive_buffer_size(4096));
    deaf.connect({asio::ip::address_v4::loopback(), on.nodes[0].http_port()});
    deaf.non_blocking(true);
    const std::string question = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
    std::size_t bytes = 0;
    // Until the daemon reads no more of it: nothing can be sent while it answers somebody else twenty times.
    for (int answered = 0; answered < 20;) {
        boost::system::error_code full;
        const auto sent = deaf.write_some(asio::buffer(question) + bytes % question.size(), full);
        bytes += sent;
        if (sent > 0) {
            answered = 0;
        } else {
            REQUIRE(full == asio::error::would_block);
            REQUIRE(write_through(on.nodes[0].http_port()) == 200);
            ++answered;
        }
    }
    const auto asked = bytes / question.size();
    CHECK(asked > 1000);
    CHECK(write_through(on.nodes[0].http_port()) == 200);
    const auto after = resident_bytes(on.nodes[0].running().pid());
    WARN(asked << " questions whose answers nobody reads; memory grew by " << (after - before) / 1024 << " KiB");
    CHECK(after < before + (16U << 20U));
    CHECK(eventually(  // http.request_timeout_ms
        [&] {
            boost::system::error_code cut;
            deaf.write_some(asio::buffer(question), cut);
            return cut && cut != asio::error::would_block;
        },
        limit::leadership));
}

}  // namespace penholder::testing
