#pragma once

#include "lane/command.hpp"
#include "raw_connection.hpp"
#include "rows_in.hpp"
#include "statement_cache.hpp"

#include <penholder/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

struct pg_result;

namespace penholder::postgres {

/// A connection in libpq's pipeline mode: sends a lane::round in one flush and collects its replies without blocking.
/// Owned by a lane's or a session's connection; on its executor. It notices when the server goes away, idle or not.
///
/// `start` once, then `send` any number of rounds. Replies come in the order of the rounds, those of a round together,
/// one for each of its commands. The callbacks are called from its own read handler, never from inside `send`; on_lost
/// is the last, and after `close` there is none, and `send` does nothing.
///
/// Where a command could not be queued the socket is closed at once, before anything behind that command can run: a
/// COMMIT is never sent unless everything before it was. Rows over a round's bound are dropped as they come, and their
/// query is to be cancelled; a message that is larger than the bound by itself ends the connection, because libpq would
/// keep it whole. An error that ended the connection, and an answer that had to, are told among the replies of their
/// round, before on_lost.
class pipeline : public std::enable_shared_from_this<pipeline> {
public:
    struct listener {
        std::function<void(std::vector<lane::reply>)> on_replies;
        /// A query goes on over the round's bound: cancel it and call `cancel_done`; till then replies are held back,
        /// so that what comes after them is not cancelled in its place.
        std::function<void()> on_too_large;
        std::function<void(error why)> on_lost;
    };

    pipeline(boost::asio::any_io_executor executor, std::unique_ptr<raw_connection> connection, listener events);
    ~pipeline();

    void start();

    /// `max_rows_bytes`: how much the rows of all replies together may hold; 0 for no bound.
    void send(lane::round commands, std::size_t max_rows_bytes = 0);
    void cancel_done();
    void close();

    int backend_pid() const noexcept { return backend_pid_; }

private:
    /// A result that libpq will bring: of a lane::command, or of preparing one.
    struct expected {
        bool preparing = false;
        std::string sql;  ///< Of the cached statement, where it is one.
    };
    struct open_round {
        std::size_t commands = 0;
        std::size_t max_rows_bytes = 0;
    };
    /// Whether the query under way was asked to be cancelled.
    enum class cancelling { no, asked, done };
    struct cancellation {
        cancelling is = cancelling::no;
        std::vector<std::vector<lane::reply>> held_back = {};
    };

    /// libpq's form of a lane::command's parameters. The pointers hold as long as the lane::command does.
    struct parameters {
        void point_at(const lane::command& one);
        int count() const { return static_cast<int>(values.size()); }
        std::vector<const char*> values;
        std::vector<int> lengths;
        std::vector<int> formats;
    };

    bool queue(const lane::round& commands);
    bool queue_one(const lane::command& one);
    bool queue_prepared(const lane::command& one);
    void flush();
    void lose_soon();
    void await_read();
    void on_readable();
    void drain();
    void take(const pg_result* result);
    void take_whole(const pg_result* result);
    void finish_round();
    void give_up_round();
    void break_off_too_large();
    void lose(error why);

    boost::asio::posix::stream_descriptor socket_;
    std::unique_ptr<raw_connection> connection_;
    std::shared_ptr<const listener> events_;  ///< Shared, because a callback may close.
    int backend_pid_ = 0;
    statement_cache cache_;
    parameters given_;  ///< Kept for its room.
    std::deque<expected> expected_;
    std::deque<open_round> rounds_;
    std::vector<lane::reply> replies_;
    rows_in rows_;
    cancellation cancel_;
    bool prepare_failed_ = false;
    bool writing_ = false;
    bool amid_round_ = false;  ///< libpq may hold the beginning of a message, of any length.
};

}  // namespace penholder::postgres
