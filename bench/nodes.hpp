#pragma once

#include "ground.hpp"

#include <penholder/node.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <thread>

namespace penholder::bench {

/// A node on a thread of its own, as a service embeds it.
class embedded_node {
public:
    explicit embedded_node(options settings);
    ~embedded_node();

    node& get() noexcept { return node_; }
    boost::asio::io_context& io() noexcept { return io_; }
    group_status status();

private:
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
    node node_;
    std::thread thread_;
};

/// Three of them with one leader and two links.
struct three_nodes {
    std::vector<std::unique_ptr<embedded_node>> all;
    explicit three_nodes(const ground& on);
    std::size_t leader();
};

}  // namespace penholder::bench
