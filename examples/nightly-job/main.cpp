// A group without a database is an election only: of all the instances that run, one does the job.
//
//   nightly-job NAME ZOOKEEPER
//
// It prints a line for every change of leadership, works (here: prints a line) once a second while it leads, and hands
// over on SIGTERM.
#include <penholder/node.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>

namespace asio = boost::asio;

namespace {

class job {
public:
    explicit job(asio::io_context& io) : timer_(io) {}

    void follow(const penholder::leadership& now) {
        std::cout << to_string(now.role) << ", term " << now.term << ", led by "
                  << (now.leader.empty() ? "nobody" : now.leader) << std::endl;
        const bool was_leader = std::exchange(leading_, now.is_leader());
        if (leading_ && !was_leader) work(now.term);
        if (!leading_) timer_.cancel();
    }

private:
    void work(std::uint64_t term) {
        std::cout << "working in term " << term << std::endl;
        timer_.expires_after(std::chrono::seconds(1));
        timer_.async_wait([this, term](boost::system::error_code cancelled) {
            if (!cancelled && leading_) work(term);
        });
    }

    asio::steady_timer timer_;
    bool leading_ = false;
};

asio::awaitable<void> run(penholder::node& node) {
    co_await node.start();
    asio::signal_set signals(co_await asio::this_coro::executor, SIGINT, SIGTERM);
    co_await signals.async_wait(asio::use_awaitable);
    co_await node.stop();
}

}  // namespace

int main(int count, char** words) {
    if (count != 3) {
        std::cerr << "usage: nightly-job NAME ZOOKEEPER\n";
        return 2;
    }
    try {
        asio::io_context io;
        penholder::options options;
        options.name = words[1];
        options.zookeeper.hosts = words[2];
        options.groups.emplace_back().name = "nightly-job";
        penholder::node node{io.get_executor(), options};
        job nightly(io);
        node.on_leadership([&nightly](const penholder::leadership& now) { nightly.follow(now); });
        std::exception_ptr failed;
        asio::co_spawn(io, run(node), [&](std::exception_ptr why) {
            failed = why;
            io.stop();
        });
        io.run();
        if (failed) std::rethrow_exception(failed);
    } catch (const std::exception& problem) {
        std::cerr << "nightly-job: " << problem.what() << '\n';
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
