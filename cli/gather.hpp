#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace penholder::cli {

/// Runs all of them at once on the caller's executor, which must be serial, and answers in the same order.
template <class T>
boost::asio::awaitable<std::vector<T>> gather(std::vector<boost::asio::awaitable<T>> all) {
    struct shared {
        explicit shared(const boost::asio::any_io_executor& executor)
            : done(executor, boost::asio::steady_timer::time_point::max()) {}
        boost::asio::steady_timer done;
        std::vector<std::optional<T>> results;
        std::size_t left = 0;
        std::exception_ptr failed;
    };
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto state = std::make_shared<shared>(executor);
    state->results.resize(all.size());
    state->left = all.size();
    for (std::size_t i = 0; i < all.size(); ++i) {
        boost::asio::co_spawn(executor, std::move(all[i]), [state, i](std::exception_ptr failed, T made) {
            if (failed) state->failed = failed;
            state->results[i] = std::move(made);
            if (--state->left == 0) state->done.cancel();
        });
    }
    boost::system::error_code cancelled;
    if (state->left != 0) {
        co_await state->done.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
    }
    if (state->failed) std::rethrow_exception(state->failed);
    std::vector<T> results;
    for (auto& each : state->results) results.push_back(std::move(*each));
    co_return results;
}

}  // namespace penholder::cli
