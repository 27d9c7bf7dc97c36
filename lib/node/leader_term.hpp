#pragma once

#include "postgres/database.hpp"

#include <penholder/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace penholder {

/// What a leader_term tells its group.
struct leader_term_handlers {
    std::function<void(std::uint64_t term)> on_fence_raised;
    std::function<void(std::uint64_t term, error why, std::optional<std::uint64_t> seen)> on_fence_failed;
    std::function<void(std::vector<lane::lane_answer>)> on_answers;  ///< Of the lane, also when its term is over.
    std::function<void()> on_lane_open;
    std::function<void()> on_first_commit;
    std::function<void(error)> on_lane_lost;
    std::function<void(const fence_record&)> on_fenced;  ///< The database refused us: somebody else leads.
};

/// A node's time as leader of a group: raises the fence to its term and opens the one lane that may write under it.
/// What a former term still has to say is dropped. Owned by the group; runs on the group's executor.
class leader_term : public std::enable_shared_from_this<leader_term> {
public:
    leader_term(boost::asio::any_io_executor executor, std::shared_ptr<postgres::database> database, std::string node,
                std::string endpoint, leader_term_handlers handlers);

    /// Elected: ends what was before and raises the fence for `term`.
    void begin(std::uint64_t term);

    /// Takes no new writes, finishes the batch in flight, and then calls `done`.
    void drain(std::function<void()> done);

    /// Somebody else leads. The batch in flight is still finished: the database takes it while it knows of nobody
    /// newer.
    void step_down();

    void end();

    /// The lane of the present term, or none.
    postgres::lane_connection* lane() noexcept { return lane_ ? &*lane_ : nullptr; }
    const postgres::lane_connection* lane() const noexcept { return lane_ ? &*lane_ : nullptr; }

private:
    boost::asio::awaitable<void> raise(std::uint64_t term);
    void open_lane();

    boost::asio::any_io_executor executor_;
    std::shared_ptr<postgres::database> database_;
    std::string node_;
    std::string endpoint_;
    leader_term_handlers handlers_;
    std::optional<postgres::lane_connection> lane_;
    std::optional<postgres::lane_connection> last_lane_;  ///< Of a term that is over, until its last batch is.
    std::uint64_t term_ = 0;                              ///< 0 while not leader.
};

}  // namespace penholder
