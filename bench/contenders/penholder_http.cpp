// Penholder beside the service: three penholderd, and writers that keep a connection to one that follows and send it
// their writes as JSON. All writers share one thread; their client knows just enough HTTP for that.
#include "contender.hpp"
#include "servers/sidecars.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>

#include <charconv>
#include <future>
#include <stdexcept>

namespace penholder::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

std::string to_request(const write& what) {
    boost::json::array statements;
    for (const auto& one : what.statements()) {
        boost::json::array params;
        for (const auto& param : one.params()) {
            params.push_back(param ? boost::json::value(*param) : boost::json::value(nullptr));
        }
        statements.push_back({{"sql", one.sql()}, {"params", std::move(params)}});
    }
    const auto body = boost::json::serialize(boost::json::object{{"statements", std::move(statements)}});
    const auto key = what.id().empty() ? std::string() : "Idempotency-Key: " + what.id() + "\r\n";
    return fmt::format(
        "POST /v1/groups/bench/writes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{}"
        "Content-Length: {}\r\n\r\n{}",
        key, body.size(), body);
}

/// One kept-alive connection.
class http_client {
public:
    http_client(asio::any_io_executor on, std::uint16_t port) : socket_(on) {
        socket_.connect({asio::ip::address_v4::loopback(), port});
        socket_.set_option(tcp::no_delay(true));
    }

    struct answered {
        int status = 0;
        std::string body;
    };
    asio::awaitable<answered> ask(std::string request) {
        co_await asio::async_write(socket_, asio::buffer(request), asio::use_awaitable);
        const auto head =
            co_await asio::async_read_until(socket_, asio::dynamic_buffer(got_), "\r\n\r\n", asio::use_awaitable);
        answered made{number_after(head, "HTTP/1.1 "), {}};
        const auto whole = head + static_cast<std::size_t>(number_after(head, "Content-Length: "));
        if (got_.size() < whole) {
            co_await asio::async_read(socket_, asio::dynamic_buffer(got_), asio::transfer_exactly(whole - got_.size()),
                                      asio::use_awaitable);
        }
        made.body = got_.substr(head, whole - head);
        got_.erase(0, whole);
        co_return made;
    }

private:
    int number_after(std::size_t head, std::string_view what) const {
        const auto at = std::string_view(got_).substr(0, head).find(what);
        int number = 0;
        if (at != std::string_view::npos) {
            std::from_chars(got_.data() + at + what.size(), got_.data() + head, number);
        }
        return number;
    }

    tcp::socket socket_;
    std::string got_;
};

answer told(int status) {
    if (status == 200) return answer::committed;
    if (status == 504 || status == 409) return answer::unknown;
    if (status == 422 || status == 412) return answer::refused;
    throw std::runtime_error("penholderd answered a write with status " + std::to_string(status));
}

asio::awaitable<void> keep_writing(course& all, std::size_t index, std::uint16_t port) {
    writer one(all, index);
    http_client client(co_await asio::this_coro::executor, port);
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (auto due = one.due(); due; due = one.due()) {
        auto request = to_request(one.make());
        if (*due > clock::now()) {
            timer.expires_at(*due);
            co_await timer.async_wait(asio::use_awaitable);
        }
        one.sending();
        const auto got = co_await client.ask(std::move(request));
        one.answered(*due, told(got.status));
    }
}

asio::awaitable<ways_taken> ways_of(std::uint16_t port) {
    http_client client(co_await asio::this_coro::executor, port);
    const auto got = co_await client.ask("GET /v1/groups/bench HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const auto counted = boost::json::parse(got.body).at("counters");
    co_return ways_taken{counted.at("lane_writes").to_number<std::uint64_t>(),
                         counted.at("session_writes").to_number<std::uint64_t>()};
}

/// The first writes of a kind take sessions while the leader asks the catalogue about them.
asio::awaitable<void> make_known(course& all, std::uint16_t through, std::uint16_t leader) {
    if (all.what().session_share() >= 1) co_return;
    writer one(all, all.shape().writers);
    http_client client(co_await asio::this_coro::executor, through);
    const auto before = (co_await ways_of(leader)).lane;
    const auto patience = clock::now() + std::chrono::seconds(3);
    while ((co_await ways_of(leader)).lane == before && clock::now() < patience) {
        const auto due = clock::now();
        const auto got = co_await client.ask(to_request(one.make()));
        one.answered(due, told(got.status));
    }
}

/// Runs it to its end.
template <class Value>
Value finish(asio::awaitable<Value> what) {
    asio::io_context io{1};
    auto done = asio::co_spawn(io, std::move(what), asio::use_future);
    io.run();
    return done.get();
}

class http_contender : public contender {
public:
    explicit http_contender(servers& on)
        : sidecars_({on.ensemble().connect_string(), "/bench-http",
                     fmt::format("[[group]]\nname = \"bench\"\ndatabase = \"{}\"\nno_version_columns = [\"{}\"]\n",
                                 on.database().conninfo(), no_version_column),
                     "bench", 3}) {}

    std::string name() const override { return "Penholder, HTTP"; }

    void run(course& all) override {
        const auto leader = sidecars_.leader();
        auto& nodes = sidecars_.all();
        if (leader == nodes.size()) throw std::runtime_error("no penholderd leads any more");
        const auto port_of = [&](std::size_t writer) {
            return nodes[(leader + 1 + writer % 2) % nodes.size()].http_port;
        };
        const auto leads = nodes[leader].http_port;
        finish(make_known(all, port_of(0), leads));
        const auto before = finish(ways_of(leads));
        asio::io_context io{1};
        std::vector<std::future<void>> writers;
        all.begin();
        for (std::size_t i = 0; i < all.shape().writers; ++i) {
            writers.push_back(asio::co_spawn(io, keep_writing(all, i, port_of(i)), asio::use_future));
        }
        io.run();
        for (auto& one : writers) one.get();
        all.took(before, finish(ways_of(leads)));
    }

    std::map<std::string, double> observed() override {
        double most = 0;
        for (const auto& one : sidecars_.all()) most = std::max(most, one.resident_mib());
        return {{"resident MiB of the largest node", most}};
    }

private:
    sidecars sidecars_;
};

}  // namespace

contender_pointer through_http(servers& on) {
    return std::make_unique<http_contender>(on);
}

}  // namespace penholder::bench
