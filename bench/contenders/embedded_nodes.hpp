#pragma once

#include "load/course.hpp"
#include "servers/servers.hpp"

#include <penholder/node.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace penholder::bench {

/// The options of one of several nodes of a group over the servers' database.
options node_options(servers& on, const std::string& group, std::size_t index);

/// A node on a thread of its own, as a service embeds it.
class embedded_node {
public:
    explicit embedded_node(options settings);
    ~embedded_node();
    embedded_node(const embedded_node&) = delete;
    embedded_node& operator=(const embedded_node&) = delete;

    node& get() noexcept { return node_; }
    boost::asio::io_context& io() noexcept { return io_; }
    group_status status();

private:
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
    node node_;
    std::thread thread_;
};

/// Three of them in one group: one leads, two have a link to it.
class embedded_nodes {
public:
    using adjustment = std::function<void(options&)>;

    embedded_nodes(servers& on, std::string group, const adjustment& adjust = {});

    const std::string& group() const noexcept { return group_; }
    std::size_t leader();

    /// Since they started.
    ways_taken ways();
    embedded_node& operator[](std::size_t index) { return *all_[index]; }
    std::size_t size() const noexcept { return all_.size(); }

private:
    std::string group_;
    std::vector<std::unique_ptr<embedded_node>> all_;
};

/// The course's writers as coroutines on their node's thread: all at the leader, or half of them at each follower. Its
/// neighbour is one more. Before the clock starts the leader gets to know the statements. Returns when all have had
/// their last answer.
void write_through(course& all, embedded_nodes& nodes, bool at_leader);

}  // namespace penholder::bench
