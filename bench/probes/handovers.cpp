#include "contenders/embedded_nodes.hpp"
#include "probe.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <utility>

namespace penholder::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t writers = 16;

/// When writes were answered, as all clients together saw it.
class pulse {
public:
    void beat() {
        const std::lock_guard lock(mutex_);
        const auto now = clock::now();
        longest_ = std::max(longest_, now - last_);
        last_ = now;
    }
    void begin() {
        const std::lock_guard lock(mutex_);
        longest_ = {};
        last_ = clock::now();
    }
    std::chrono::nanoseconds longest() {
        const std::lock_guard lock(mutex_);
        return longest_;
    }
    std::atomic<bool> stop = false;
    std::atomic<std::int64_t> committed = 0;

private:
    std::mutex mutex_;
    clock::time_point last_ = clock::now();
    clock::duration longest_{};
};

boost::asio::awaitable<void> keep_writing(node& through, pulse& heart) {
    while (!heart.stop) {
        write one;
        one.add("UPDATE hot SET n = n - $1 WHERE id = $2", 1, 1);
        const auto got = co_await through.submit("handovers", std::move(one));
        if (got.outcome != outcome::committed) continue;
        ++heart.committed;
        heart.beat();
    }
}

histogram pauses(embedded_nodes& nodes, pulse& heart, int count) {
    histogram found;
    for (int i = 0; i < count; ++i) {
        std::this_thread::sleep_for(500ms);
        heart.begin();
        auto& through = nodes[static_cast<std::size_t>(i) % nodes.size()].get();
        through.handover("handovers", "", 10s, boost::asio::use_future).get();
        std::this_thread::sleep_for(200ms);
        found.add(heart.longest());
    }
    return found;
}

}  // namespace

std::vector<figure> handovers(bool quick) {
    servers on(0ms);
    const auto what = hot_row();
    what->prepare(on.database());
    embedded_nodes nodes(on, "handovers");
    pulse heart;
    std::vector<std::future<void>> writing;
    for (std::size_t i = 0; i < writers; ++i) {
        auto& through = nodes[i % nodes.size()];
        writing.push_back(
            boost::asio::co_spawn(through.io(), keep_writing(through.get(), heart), boost::asio::use_future));
    }
    const auto found = pauses(nodes, heart, quick ? 5 : 40);
    heart.stop = true;
    for (auto& one : writing) one.get();
    const auto wrong = what->problem(on.database(), {.committed = heart.committed});
    if (!wrong.empty()) throw std::runtime_error("after the handovers: " + wrong);
    const auto ms = [&](double q) { return found.quantile_us(q) / 1000; };
    return {{"handover: median pause", ms(0.5), " ms"},
            {"handover: p99 pause", ms(0.99), " ms"},
            {"handover: longest pause", ms(1), " ms"}};
}

}  // namespace penholder::bench
