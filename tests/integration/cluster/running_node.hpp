#pragma once

#include <penholder/node.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace penholder::testing {

/// A node in this process, on a thread of its own, called as a plain program would call it. Stopped with the object.
class running_node {
public:
    explicit running_node(options settings);  ///< Started; throws what `start` throws.
    ~running_node();

    receipt submit(const std::string& group, write what);
    std::optional<receipt> find(const std::string& group, const std::string& write_id);
    leadership handover(const std::string& group, const std::string& heir,
                        std::chrono::milliseconds within = std::chrono::seconds(10));
    leadership resign(const std::string& group, std::chrono::milliseconds within = std::chrono::seconds(10));
    void pause(const std::string& group, bool paused);
    std::vector<term_record> history(const std::string& group);
    node_status status();
    group_status status(const std::string& group);
    void stop();

    bool leads(const std::string& group) { return status(group).now.role == role::serving; }

    /// Every change of leadership that the host was told of.
    std::vector<leadership> heard() const;

    node& get() noexcept { return node_; }
    boost::asio::io_context& io() noexcept { return io_; }

private:
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
    node node_;
    mutable std::mutex mutex_;
    std::vector<leadership> heard_;
    std::thread thread_;
};

}  // namespace penholder::testing
