#include "nodes.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

namespace penholder::bench {
namespace {

using std::chrono::steady_clock;

/// When writes were answered, as all clients together saw it.
class pulse {
public:
    void beat() {
        const std::lock_guard lock(mutex_);
        const auto now = steady_clock::now();
        longest_ = std::max(longest_, now - last_);
        last_ = now;
    }
    void begin() {
        const std::lock_guard lock(mutex_);
        longest_ = {};
        last_ = steady_clock::now();
    }
    double longest_ms() {
        const std::lock_guard lock(mutex_);
        return std::chrono::duration<double, std::milli>(longest_).count();
    }
    std::atomic<bool> stop = false;
    std::atomic<std::size_t> writing = 0;

private:
    std::mutex mutex_;
    steady_clock::time_point last_ = steady_clock::now();
    steady_clock::duration longest_{};
};

boost::asio::awaitable<void> keep_writing(node& through, pulse& heart) {
    while (!heart.stop) {
        write one;
        one.add("UPDATE hot SET n = n - $1 WHERE id = $2", 1, 1);
        const auto got = co_await through.submit("bench", std::move(one));
        if (got.outcome == outcome::committed) heart.beat();
    }
    --heart.writing;
}

}  // namespace

std::vector<double> handover_pauses(const ground& on, std::size_t writers, std::size_t handovers) {
    using namespace std::chrono_literals;
    three_nodes nodes(on);
    pulse heart;
    for (std::size_t i = 0; i < writers; ++i) {
        auto& through = *nodes.all[i % 3];
        ++heart.writing;
        boost::asio::co_spawn(through.io(), keep_writing(through.get(), heart), boost::asio::detached);
    }
    std::vector<double> pauses;
    for (std::size_t i = 0; i < handovers; ++i) {
        std::this_thread::sleep_for(500ms);
        heart.begin();
        nodes.all[i % 3]->get().handover("bench", "", 10s, boost::asio::use_future).get();
        std::this_thread::sleep_for(200ms);
        pauses.push_back(heart.longest_ms());
    }
    heart.stop = true;
    while (heart.writing > 0) std::this_thread::sleep_for(10ms);
    return pauses;
}

}  // namespace penholder::bench
