#include "running_node.hpp"

#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace penholder::testing {

using boost::asio::use_future;

running_node::running_node(options settings) : node_(io_.get_executor(), std::move(settings)) {
    node_.on_leadership([this](const leadership& now) {
        const std::lock_guard lock(mutex_);
        heard_.push_back(now);
    });
    thread_ = std::thread([this] { io_.run(); });
    try {
        node_.start(use_future).get();
    } catch (...) {
        work_.reset();
        io_.stop();
        thread_.join();
        throw;
    }
}

running_node::~running_node() {
    node_.stop(use_future).wait();
    work_.reset();
    io_.stop();
    thread_.join();
}

receipt running_node::submit(const std::string& group, write what) {
    return node_.submit(group, std::move(what), use_future).get();
}

std::optional<receipt> running_node::find(const std::string& group, const std::string& write_id) {
    return node_.find(group, write_id, use_future).get();
}

leadership running_node::handover(const std::string& group, const std::string& heir, std::chrono::milliseconds within) {
    return node_.handover(group, heir, within, use_future).get();
}

leadership running_node::resign(const std::string& group, std::chrono::milliseconds within) {
    return node_.resign(group, within, use_future).get();
}

void running_node::pause(const std::string& group, bool paused) {
    node_.pause(group, paused, use_future).get();
}

std::vector<term_record> running_node::history(const std::string& group) {
    return node_.history(group, use_future).get();
}

node_status running_node::status() {
    return node_.status(use_future).get();
}

group_status running_node::status(const std::string& group) {
    const auto all = status();
    const auto found = std::ranges::find(all.groups, group, [](const group_status& one) { return one.now.group; });
    if (found == all.groups.end()) throw std::runtime_error("node " + all.node + " has no group " + group);
    return *found;
}

void running_node::stop() {
    node_.stop(use_future).get();
}

std::vector<leadership> running_node::heard() const {
    const std::lock_guard lock(mutex_);
    return heard_;
}

}  // namespace penholder::testing
