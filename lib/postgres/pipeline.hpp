#pragma once

#include "lane/command.hpp"
#include "raw_connection.hpp"
#include "statement_cache.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

struct pg_result;

namespace penholder::postgres {

/// A connection in libpq's pipeline mode: sends a lane::round in one flush and collects its replies without blocking.
/// Owned by a lane; on the lane's executor. It notices when the server goes away, idle or not.
///
/// `start` once, then `send` any number of rounds. Replies come in the order of the rounds, those of a round together,
/// one for each of its commands. The callbacks are called from its own read handler, never from inside `send`; on_lost
/// is the last. After `close` there is none, and `send` does nothing. Where a command could not be queued the
/// connection is lost: nothing behind it counts as sent.
class pipeline : public std::enable_shared_from_this<pipeline> {
public:
    struct listener {
        std::function<void(std::vector<lane::reply>)> on_replies;
        std::function<void(std::string why)> on_lost;
    };

    pipeline(boost::asio::any_io_executor executor, std::unique_ptr<raw_connection> connection, listener events);
    ~pipeline();

    void start();
    void send(lane::round commands);
    void close();

private:
    /// A result that libpq will bring: of a lane::command, or of preparing one.
    struct expected {
        bool preparing = false;
        std::string sql;  ///< Of the cached statement, where it is one.
    };

    /// libpq's form of a lane::command's parameters. The pointers hold as long as the lane::command does.
    struct parameters {
        void point_at(const lane::command& one);
        int count() const { return static_cast<int>(values.size()); }
        std::vector<const char*> values;
        std::vector<int> lengths;
        std::vector<int> formats;
    };

    void send_one(const lane::command& one);
    bool send_prepared(const lane::command& one);
    void flush();
    void await_read();
    void on_readable();
    void drain();
    void take(const pg_result* result);
    void finish_round();
    void lose();

    boost::asio::posix::stream_descriptor socket_;
    std::unique_ptr<raw_connection> connection_;
    listener events_;
    statement_cache cache_;
    parameters given_;  ///< Kept for its room.
    std::deque<expected> expected_;
    std::vector<lane::reply> replies_;
    bool prepare_failed_ = false;
    bool send_failed_ = false;
    std::size_t open_rounds_ = 0;
    bool writing_ = false;
};

}  // namespace penholder::postgres
