#include "nodes.hpp"
#include "support/patience.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <mutex>
#include <utility>

namespace penholder::bench {

using std::chrono::steady_clock;

embedded_node::embedded_node(options settings) : node_(io_.get_executor(), std::move(settings)) {
    thread_ = std::thread([this] { io_.run(); });
    node_.start(boost::asio::use_future).get();
}

embedded_node::~embedded_node() {
    node_.stop(boost::asio::use_future).wait();
    work_.reset();
    io_.stop();
    thread_.join();
}

group_status embedded_node::status() {
    return node_.status(boost::asio::use_future).get().groups.at(0);
}

three_nodes::three_nodes(const ground& on) {
    for (std::size_t i = 0; i < 3; ++i) all.push_back(std::make_unique<embedded_node>(on.node_options(i)));
    testing::wait_until("one node leads and the others are linked to it", [this] {
        bool linked = true;
        for (const auto& one : all) linked = linked && one->status().link_connected;
        return linked && leader() < all.size();
    });
}

std::size_t three_nodes::leader() {
    std::size_t leader = 0;
    while (leader < all.size() && all[leader]->status().now.role != role::serving) ++leader;
    return leader;
}

namespace {

struct tally {
    std::atomic<bool> stop = false;
    std::atomic<std::int64_t> acknowledged = 0;
    std::atomic<std::size_t> writing = 0;
    std::mutex mutex;
    std::vector<double> latencies_us;
};

boost::asio::awaitable<void> keep_writing(node& through, tally& all, bool keyed, std::size_t writer) {
    std::vector<double> latencies;
    for (std::size_t number = 0; !all.stop; ++number) {
        write one =
            keyed ? write(std::to_string(steady_clock::now().time_since_epoch().count()) + "-" + std::to_string(writer))
                  : write();
        one.add("UPDATE hot SET n = n - $1 WHERE id = $2", 1, 1);
        const auto began = steady_clock::now();
        const auto got = co_await through.submit("bench", std::move(one));
        if (got.outcome != outcome::committed) continue;
        ++all.acknowledged;
        latencies.push_back(std::chrono::duration<double, std::micro>(steady_clock::now() - began).count());
    }
    {
        const std::lock_guard lock(all.mutex);
        all.latencies_us.insert(all.latencies_us.end(), latencies.begin(), latencies.end());
    }
    --all.writing;
}

}  // namespace

run_result forwarded_writes(const ground& on, std::size_t writers, bool keyed) {
    three_nodes nodes(on);
    const auto leader = nodes.leader();
    const auto before = on.hot_row();
    tally all;
    const auto began = steady_clock::now();
    for (std::size_t i = 0; i < writers; ++i) {
        auto& through = *nodes.all[(leader + 1 + i % 2) % 3];
        ++all.writing;
        boost::asio::co_spawn(through.io(), keep_writing(through.get(), all, keyed, i), boost::asio::detached);
    }
    std::this_thread::sleep_for(on.length);
    all.stop = true;
    testing::wait_until("every writer has its answer", [&] { return all.writing == 0; });
    const std::chrono::duration<double> took = steady_clock::now() - began;
    return {static_cast<double>(all.acknowledged) / took.count(), all.acknowledged, on.hot_row() - before,
            std::move(all.latencies_us)};
}

}  // namespace penholder::bench
