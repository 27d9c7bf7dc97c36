#pragma once

#include "raw_connection.hpp"

#include <penholder/error.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace penholder::postgres {

/// While it exists, a blocking call on a connection ends after `most` at the latest, as if the server had closed it. A
/// server that was stopped, or that hangs, keeps its connections and answers nothing, so no time-out of its own and
/// none of TCP would end the call. Made on the worker that calls; the timer runs on the executor.
class call_limit {
public:
    call_limit(const boost::asio::any_io_executor& executor, const raw_connection& over,
               std::chrono::milliseconds most);
    ~call_limit();
    call_limit(const call_limit&) = delete;
    call_limit& operator=(const call_limit&) = delete;

    /// True once it has cut the connection.
    bool expired() const noexcept;

private:
    struct watched;
    std::shared_ptr<watched> watched_;
};

/// Runs `work`, which answers with a result, on a connection that is cut when it takes longer than `most`.
/// Errors: database_unreachable where it was cut; else those of `work`.
template <class Work>
auto limited(const boost::asio::any_io_executor& executor, const raw_connection& over, std::chrono::milliseconds most,
             Work work) -> decltype(work()) {
    const call_limit limit(executor, over, most);
    auto answer = work();
    if (answer || !limit.expired()) return answer;
    return error{errc::database_unreachable, "the database took the connection and gave no answer within " +
                                                 std::to_string(most.count()) + " ms; it hangs, or the network does"};
}

}  // namespace penholder::postgres
