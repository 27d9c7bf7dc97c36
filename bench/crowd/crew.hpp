#pragma once

#include "crowd/worker.hpp"
#include "support/process.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace penholder::bench {

/// A process that hosts nodes, as the conductor sees it.
class worker {
public:
    worker(testing::process running, boost::asio::ip::tcp::socket commands);

    /// Commands of several workers can be under way at once.
    void tell(const std::string& command);
    std::string answer();
    std::string ask(const std::string& command);

    void kill() { process_.kill(); }
    std::size_t resident_bytes() const;

    std::vector<std::uint64_t> numbers;  ///< Of its nodes.

private:
    testing::process process_;
    boost::asio::ip::tcp::iostream commands_;
};

/// Starts workers, which are this program again.
class crew {
public:
    explicit crew(worker_plan plan);

    std::unique_ptr<worker> hire(int priority);

private:
    worker_plan plan_;
    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor door_;
};

}  // namespace penholder::bench
