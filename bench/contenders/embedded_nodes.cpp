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

/// Its answer is the same each time, or the turn is worth nothing.
asio::awaitable<void> keep_writing_beside(course& all, neighbour beside, node& through, std::string group) {
    while (!all.is_over()) {
        const auto got = co_await through.submit(group, beside.what);
        all.neighbour_answered();
        if (told(got) == (beside.commits ? answer::committed : answer::refused)) continue;
        throw std::runtime_error("a neighbour's write was answered otherwise than it is to be: " +
                                 std::string(to_string(got.outcome)) + (got.why ? ", " + got.why->message : ""));
    }
}

/// The first writes of a kind take sessions while the leader asks the catalogue about them.
void make_known(course& all, embedded_nodes& nodes, node& through) {
    if (all.what().session_share() >= 1) return;
    writer one(all, all.shape().writers);
    const auto before = nodes.ways().lane;
    const auto patience = clock::now() + std::chrono::seconds(3);
    while (nodes.ways().lane == before && clock::now() < patience) {
        const auto due = clock::now();
        one.answered(due, told(through.submit(nodes.group(), one.make(), asio::use_future).get()));
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
    guarded.no_version_columns = {no_version_column};
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

ways_taken embedded_nodes::ways() {
    ways_taken sum;
    for (const auto& one : all_) {
        const auto counted = one->status().counters;
        sum.lane += counted.lane_writes;
        sum.sessions += counted.session_writes;
    }
    return sum;
}

void write_through(course& all, embedded_nodes& nodes, bool at_leader) {
    const auto leader = nodes.leader();
    if (leader == nodes.size()) throw std::runtime_error("no node leads any more");
    const auto place = [&](std::size_t writer) -> embedded_node& {
        return nodes[at_leader ? leader : (leader + 1 + writer % 2) % nodes.size()];
    };
    make_known(all, nodes, place(0).get());
    const auto before = nodes.ways();
    std::vector<std::future<void>> writers;
    all.begin();
    if (const auto beside = all.what().beside()) {
        auto& where = place(0);
        writers.push_back(asio::co_spawn(where.io(), keep_writing_beside(all, *beside, where.get(), nodes.group()),
                                         asio::use_future));
    }
    for (std::size_t i = 0; i < all.shape().writers; ++i) {
        auto& where = place(i);
        writers.push_back(
            asio::co_spawn(where.io(), keep_writing(all, i, where.get(), nodes.group()), asio::use_future));
    }
    for (auto& one : writers) one.wait();
    for (auto& one : writers) one.get();
    all.took(before, nodes.ways());
}

}  // namespace penholder::bench
