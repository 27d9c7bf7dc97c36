#pragma once

#include "lane/command.hpp"

#include <penholder/receipt.hpp>

#include <cstddef>
#include <vector>

struct pg_conn;
struct pg_result;

namespace penholder::postgres {

/// The rows of the command whose result is coming in, and how much has come. It keeps what fits into its round's bound
/// and drops the rest. Owned by a pipeline.
class rows_in {
public:
    /// A round's replies begin, which may hold so much in all; 0 for no bound.
    void begin_round(std::size_t most);

    /// One row, or a result without any.
    void add(const pg_result* result);

    /// Rows of this command were dropped.
    bool too_large() const noexcept { return dropped_; }

    /// What was added of the command, whose last result this is; the next command begins.
    statement_result take(const pg_result* last);
    void drop();

    /// Columns of this command whose types have no name yet.
    const std::vector<lane::unnamed_type>& unnamed() const noexcept { return unnamed_; }

    /// So many bytes came in. True where one message holds more than the round may, so that it will never be kept.
    bool grows_too_large(std::size_t bytes);
    /// What came in is over: a result, or part of one.
    void arrived() noexcept { unread_ = 0; }

private:
    void add_column(const pg_result* result, int column);

    statement_result read_;
    std::vector<lane::unnamed_type> unnamed_;
    std::size_t most_ = 0;
    std::size_t kept_ = 0;    ///< In this round.
    std::size_t unread_ = 0;  ///< Of a message that is not complete.
    bool dropped_ = false;    ///< Rows of this command.
};

}  // namespace penholder::postgres
