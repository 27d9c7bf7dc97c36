#include <penholder/node.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch_test_macros.hpp>

#include <optional>

namespace penholder::testing {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

/// A node that nobody will ever lead: writes wait, and requests to the ensemble have no answer.
class lonely_node {
public:
    lonely_node() : pen_(io_.get_executor(), settings()) { run_until_ready(pen_.start(asio::use_future)).get(); }
    ~lonely_node() { run_until_ready(pen_.stop(asio::use_future)).get(); }
    lonely_node(const lonely_node&) = delete;
    lonely_node& operator=(const lonely_node&) = delete;

    node& get() { return pen_; }
    asio::io_context& io() { return io_; }

    template <class Ready>
    void run_until(Ready ready) {
        while (!ready()) {
            io_.restart();
            io_.run_one();
        }
    }
    template <class T>
    std::future<T> run_until_ready(std::future<T> asked) {
        run_until([&] { return asked.wait_for(0s) == std::future_status::ready; });
        return asked;
    }

private:
    static options settings() {
        options made;
        made.name = "a";
        made.zookeeper.hosts = "127.0.0.1:1";  // Nobody listens there.
        made.groups.emplace_back().name = "orders";
        made.groups[0].database = "host=127.0.0.1 port=1 dbname=nobody";
        return made;
    }

    asio::io_context io_;
    node pen_;
};

write patient_write(std::string id) {
    write what(std::move(id));
    what.add("UPDATE t SET v = v + 1");
    what.deadline(60s);
    return what;
}

}  // namespace

TEST_CASE("a submit that is cancelled before the write was sent is rejected at once, and the write is forgotten") {
    lonely_node on;
    asio::cancellation_signal cancel;
    std::optional<receipt> told;
    on.get().submit("orders", patient_write("order-1"),
                    asio::bind_cancellation_slot(cancel.slot(), [&](receipt answer) { told = std::move(answer); }));
    const auto pending = [&] {
        return on.run_until_ready(on.get().status(asio::use_future)).get().groups[0].pending_writes;
    };
    CHECK(pending() == 1);
    const auto began = std::chrono::steady_clock::now();
    cancel.emit(asio::cancellation_type::terminal);
    CHECK_FALSE(told);  // Never from within the emission.
    on.run_until([&] { return told.has_value(); });
    CHECK(std::chrono::steady_clock::now() - began < 30s);
    CHECK(told->outcome == outcome::rejected);
    CHECK(told->why->code == errc::deadline_expired);
    CHECK(told->write_id == "order-1");
    CHECK(pending() == 0);
    cancel.emit(asio::cancellation_type::terminal);  // Nobody is there any more.
    CHECK(pending() == 0);
}

TEST_CASE("a submit that is cancelled before the node has looked at it is answered, too") {
    lonely_node on;
    asio::cancellation_signal cancel;
    std::optional<receipt> told;
    on.get().submit("orders", patient_write("order-1"),
                    asio::bind_cancellation_slot(cancel.slot(), [&](receipt answer) { told = std::move(answer); }));
    cancel.emit(asio::cancellation_type::total);
    on.run_until([&] { return told.has_value(); });
    CHECK(told->outcome == outcome::rejected);
}

TEST_CASE("a timer beside a submit ends the wait, and the write is not pending any more") {
    using namespace asio::experimental::awaitable_operators;
    lonely_node on;
    auto first = asio::co_spawn(
        on.io(),
        [](node& pen) -> asio::awaitable<std::size_t> {
            asio::steady_timer timer(co_await asio::this_coro::executor, 20ms);
            const auto done =
                co_await (pen.submit("orders", patient_write("order-1")) || timer.async_wait(asio::use_awaitable));
            co_return done.index();
        }(on.get()),
        asio::use_future);
    on.run_until([&] { return first.wait_for(0s) == std::future_status::ready; });
    CHECK(first.get() == 1);
    const auto now = on.run_until_ready(on.get().status(asio::use_future)).get();
    CHECK(now.groups[0].pending_writes == 0);
}

TEST_CASE("other calls that are cancelled complete at once, and what was asked for goes on") {
    lonely_node on;
    asio::cancellation_signal cancel;
    std::exception_ptr told;
    on.get().handover("orders", "b", 60s,
                      asio::bind_cancellation_slot(
                          cancel.slot(), [&](std::exception_ptr failed, const leadership&) { told = failed; }));
    cancel.emit(asio::cancellation_type::terminal);
    CHECK_FALSE(told);  // Never from within the emission.
    on.run_until([&] { return told != nullptr; });
    CHECK_THROWS_AS(std::rethrow_exception(told), exception);
    try {
        std::rethrow_exception(told);
    } catch (const exception& why) {
        CHECK(why.why().code == errc::in_progress);
    }
}

}  // namespace penholder::testing
