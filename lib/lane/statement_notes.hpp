#pragma once

#include "sql/text_notes.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace penholder::lane {

/// What a lane has learned of a permitted statement by its text.
struct statement_note {
    bool countable = false;                  ///< counted_statement() makes the same of it.
    std::optional<std::uint64_t> rows = {};  ///< How many rows it affected last, where that is known.
    int skip_row_count = 0;                  ///< For so many times more its row count is not to be relied on.
};

/// What a lane has learned of the statements that it is given again and again. Pure.
class statement_notes {
public:
    /// Good until the next call.
    statement_note& of(const std::string& sql);

private:
    sql::text_notes<statement_note> notes_;
};

/// Whether `sql` is an INSERT, UPDATE or DELETE whose rows the database can be made to count: it returns none itself.
bool is_countable(const std::string& sql);

/// The same statement, made to fail with division_by_zero unless it affects as many rows as one more parameter than
/// it has says. Only of countable ones.
std::string counted_statement(const std::string& sql, std::size_t params);

}  // namespace penholder::lane
