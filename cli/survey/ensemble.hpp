#pragma once

#include "zookeeper/session.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>

namespace penholder::cli {

/// The command's own session with the ensemble: opened when it is first needed, kept for the rest of the run. It never
/// enrolls. Owned by the invocation; on its executor.
class ensemble {
public:
    ensemble(boost::asio::any_io_executor executor, zookeeper_options where)
        : executor_(std::move(executor)), where_(std::move(where)) {}

    /// The session, connected. Errors: ensemble_unreachable, invalid_argument where nobody said where the ensemble is.
    boost::asio::awaitable<result<zookeeper::session*>> reach(std::chrono::milliseconds within);

    /// Ends the session, if there is one, so that it does not outlive the command.
    boost::asio::awaitable<void> close();

    const zookeeper_options& where() const noexcept { return where_; }
    boost::asio::any_io_executor get_executor() const { return executor_; }

private:
    boost::asio::any_io_executor executor_;
    zookeeper_options where_;
    std::unique_ptr<zookeeper::session> session_;
};

}  // namespace penholder::cli
