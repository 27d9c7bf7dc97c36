#pragma once

#include "call_limit.hpp"
#include "server_connection.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace penholder::postgres {

/// Blocking calls over one connection of their own, one after the other on the workers, of which they never take more
/// than one. The connection is kept between them and made anew where it broke. Owned by whoever asks; on the executor,
/// where answers come too, also after it is gone.
class call_line {
public:
    /// `purpose` shows in pg_stat_activity.
    call_line(boost::asio::any_io_executor executor, boost::asio::thread_pool& workers, group_options group,
              std::string purpose, std::shared_ptr<raise_memory> memory)
        : line_(boost::asio::make_strand(workers.get_executor())),
          state_(
              std::make_shared<state>(std::move(executor), std::move(group), std::move(purpose), std::move(memory))) {}

    /// Calls `work(raw_connection&)`, which answers with a result, and hands its answer to `done`. It is called again
    /// over a new connection where a kept one turns out to be broken, not where the server hangs.
    template <class Work, class Done>
    void ask(Work work, Done done) {
        boost::asio::post(line_, [state = state_, work = std::move(work), done = std::move(done)]() mutable {
            using answer = decltype(work(std::declval<raw_connection&>()));
            auto given = std::make_shared<answer>(state->call(work));
            boost::asio::post(state->executor, [given, done = std::move(done)]() mutable { done(std::move(*given)); });
        });
    }

    /// Ends the connection where there is one and `rests()`, called in the line's turn, says so.
    template <class Rests>
    void let_go(Rests rests) {
        boost::asio::post(line_, [state = state_, rests = std::move(rests)]() mutable {
            if (state->connection && rests()) state->connection.reset();
        });
    }

private:
    struct state {
        state(boost::asio::any_io_executor runs_on, group_options of, std::string says,
              std::shared_ptr<raise_memory> knows)
            : executor(std::move(runs_on)), group(std::move(of)), purpose(std::move(says)), memory(std::move(knows)) {}

        template <class Work>
        auto call(Work& work) -> decltype(work(std::declval<raw_connection&>())) {
            const bool was_kept = connection != nullptr;
            const auto begun = std::chrono::steady_clock::now();
            auto answer = try_once(work);
            const bool hangs = std::chrono::steady_clock::now() - begun >= question_limit(group);
            return was_kept && connection == nullptr && !hangs ? try_once(work) : answer;
        }

        template <class Work>
        auto try_once(Work& work) -> decltype(work(std::declval<raw_connection&>())) {
            if (!connection) {
                auto made = connect(group, purpose, memory.get());
                if (!made) return made.error();
                connection = std::move(*made);
            }
            auto answer = limited(executor, *connection, question_limit(group), [&] { return work(*connection); });
            if (!answer && answer.error().code == errc::database_unreachable) connection.reset();
            return answer;
        }

        const boost::asio::any_io_executor executor;
        const group_options group;
        const std::string purpose;
        const std::shared_ptr<raise_memory> memory;
        std::unique_ptr<raw_connection> connection;  ///< Used in the line's turn only.
    };

    boost::asio::strand<boost::asio::thread_pool::executor_type> line_;
    std::shared_ptr<state> state_;
};

}  // namespace penholder::postgres
