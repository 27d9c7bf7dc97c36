#pragma once

#include "call_line.hpp"
#include "sql/judging_rules.hpp"
#include "sql/plainness.hpp"

#include <penholder/error.hpp>
#include <penholder/options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include <functional>
#include <memory>
#include <string>

namespace penholder::postgres {

/// Asks the catalogue about statements, over a connection of its own, one question at a time. Made once for a group's
/// database, so that whoever is about to lead can have the connection made, and the server's caches filled, while the
/// election is under way: nothing that was asked before a term is asked again in it. On the executor, where answers
/// come too, also after it is gone.
class statement_judge {
public:
    statement_judge(boost::asio::any_io_executor executor, boost::asio::thread_pool& workers,
                    const group_options& group, std::shared_ptr<raise_memory> memory);

    /// Makes the connection where there is none, and asks about a statement that nobody gave. `done` comes in any case.
    void prepare(std::function<void()> done = {});

    /// What the catalogue says of a statement.
    void judge(std::string sql, std::function<void(result<sql::judgement>)> done);

    /// What is asked from now on is asked over a new connection.
    void renew();

    /// Nobody leads here: ends the connection that nothing was asked over for a while.
    void rest();

private:
    struct use;

    call_line line_;
    std::shared_ptr<use> use_;  ///< In the line's turn only.
};

}  // namespace penholder::postgres
