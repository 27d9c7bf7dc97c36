#pragma once

#include "lane/applier.hpp"
#include "model/fence_record.hpp"
#include "simulation/timeline.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>
#include <penholder/receipt.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace penholder::postgres {

struct lane_events {
    std::function<void(std::vector<lane::lane_answer>)> on_answers;
    std::function<void()> on_open;
    std::function<void(error)> on_lost;
    std::function<void(fence_record)> on_fenced;
    std::function<void()> on_first_commit;
};

class lane_shell;

/// In the place of the real lane: the real lane::applier, over a connection to the simulated server.
class lane_connection {
public:
    explicit lane_connection(std::shared_ptr<lane_shell> shell) : shell_(std::move(shell)) {}
    ~lane_connection();
    lane_connection(lane_connection&&) noexcept = default;
    lane_connection& operator=(lane_connection&&) = delete;

    void submit(lane::lane_write what);
    void drain(std::function<void()> done);
    lane::lane_state state() const noexcept;
    std::size_t queued() const noexcept;
    std::size_t in_flight() const noexcept;
    std::chrono::milliseconds expected_wait() const noexcept;
    const lane::lane_counters& counters() const noexcept;

private:
    std::shared_ptr<lane_shell> shell_;
};

/// The simulation has no threads.
class workers {};

/// In the place of the real one: asks the simulated server, over a network that may not let it through.
class database {
public:
    database(boost::asio::any_io_executor executor, workers&, group_options group);

    boost::asio::awaitable<result<fence_record>> probe();
    boost::asio::awaitable<result<fence_answer>> raise_fence(term next, std::string leader, std::string endpoint);
    boost::asio::awaitable<result<std::optional<receipt>>> find(std::string write_id);
    lane_connection open_lane(term held, std::string leader, std::string endpoint, lane_events events);

private:
    group_options group_;
};

}  // namespace penholder::postgres
