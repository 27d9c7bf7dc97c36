#include "embedded_nodes.hpp"

#include "support/patience.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <stdexcept>
#include <utility>

namespace penholder::bench {
namespace {

namespace asio = boost::asio;

answer told(const receipt& got) {
    if (got.outcome == outcome::unknown) return answer::unknown;
    return got.outcome == outcome::committed ? answer::committed : answer::refused;
}

asio::awaitable<void> keep_writing(course& all, std::size_t index, node& through, std::string group) {
    writer one(all, index);
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (auto due = one.due(); due; due = one.due()) {
        auto what = one.make();
        if (*due > clock::now()) {
            timer.expires_at(*due);
            co_await timer.async_wait(asio::use_awaitable);
        }
        one.sending();
        const auto got = co_await through.submit(group, std::move(what));
        one.answered(*due, told(got));
    }
}

}  // namespace

options node_options(servers& on, const std::string& group, std::size_t index) {
    options settings;
    settings.name = "bench-" + std::to_string(index + 1);
    settings.zookeeper.hosts = on.ensemble().connect_string();
    settings.link.secret = "bench";
    auto& guarded = settings.groups.emplace_back();
    guarded.name = group;
    guarded.database = on.database().conninfo();
    return settings;
}

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

embedded_nodes::embedded_nodes(servers& on, std::string group, const adjustment& adjust) : group_(std::move(group)) {
    for (std::size_t i = 0; i < 3; ++i) {
        auto settings = node_options(on, group_, i);
        if (adjust) adjust(settings);
        all_.push_back(std::make_unique<embedded_node>(std::move(settings)));
    }
    testing::wait_until("one node leads and the others are linked to it", [this] {
        bool linked = true;
        for (const auto& one : all_) linked = linked && one->status().link_connected;
        return linked && leader() < all_.size();
    });
}

std::size_t embedded_nodes::leader() {
    std::size_t leader = 0;
    while (leader < all_.size() && all_[leader]->status().now.role != role::serving) ++leader;
    return leader;
}

void write_through(course& all, embedded_nodes& nodes, bool at_leader) {
    const auto leader = nodes.leader();
    if (leader == nodes.size()) throw std::runtime_error("no node leads any more");
    std::vector<std::future<void>> writers;
    all.begin();
    for (std::size_t i = 0; i < all.shape().writers; ++i) {
        auto& where = nodes[at_leader ? leader : (leader + 1 + i % 2) % nodes.size()];
        writers.push_back(
            asio::co_spawn(where.io(), keep_writing(all, i, where.get(), nodes.group()), asio::use_future));
    }
    for (auto& one : writers) one.wait();
    for (auto& one : writers) one.get();
}

}  // namespace penholder::bench
