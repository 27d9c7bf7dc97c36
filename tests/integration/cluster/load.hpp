#pragma once

#include "running_node.hpp"
#include "support/postgres_server.hpp"

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace penholder::testing {

/// Writers that go on until they are stopped, each write adding one to a counter and leaving a mark of its own, and the
/// account of what they were answered. `audit` compares that account with the database.
class load {
public:
    /// Creates the tables `counter` and `marks`.
    static void prepare(postgres_server& server, const std::string& database);

    load(std::string group, bool keyed) : group_(std::move(group)), keyed_(keyed) {}
    ~load();

    void add_writers(running_node& through, std::size_t count);
    void stop();  ///< Waits for every writer's last answer.

    std::size_t committed() const { return committed_; }
    void wait_for_more(std::size_t more = 100) const;  ///< Until so many more writes are committed.
    void wait_for_everyone() const;                    ///< Until each writer has the answer to what it is writing now.
    std::size_t rejected() const;
    std::size_t unknown() const;
    std::vector<std::string> reasons() const;  ///< Of what was not committed.

    /// What is wrong with the database, given what was answered; empty when nothing is: every committed write exactly
    /// once, no rejected one at all, and the counter as high as there are marks.
    std::string audit(postgres_server& server, const std::string& database) const;

private:
    struct answered {
        std::string mark;
        penholder::outcome outcome;
        std::string why;
    };

    boost::asio::awaitable<void> write_on(running_node& through, std::size_t writer);

    std::string group_;
    bool keyed_;
    std::atomic<bool> stopping_ = false;
    std::atomic<std::size_t> writing_ = 0;
    std::atomic<std::size_t> committed_ = 0;
    std::size_t writers_ = 0;
    mutable std::mutex mutex_;
    std::vector<answered> answers_;
    std::vector<std::size_t> answered_by_;  ///< How many, of each writer.
};

}  // namespace penholder::testing
