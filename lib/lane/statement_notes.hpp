#pragma once

#include "sql/screening.hpp"

#include <penholder/error.hpp>

#include <cstdint>
#include <string>
#include <unordered_map>

namespace penholder::lane {

/// What is known of a statement by its text.
struct statement_note {
    result<sql::screened> permitted;  ///< As sql::screen_statement says.
    bool countable = false;           ///< counted_statement() makes the same of it.
    std::uint64_t rows = 1;           ///< How many rows it affected last.
    int distrusted = 0;               ///< For so many times more this is not to be relied on.
};

/// What a lane has learned of the statements that it is given again and again. Forgets everything when it knows too
/// many; remembers no long texts. Pure.
class statement_notes {
public:
    /// Good until the next call.
    statement_note& of(const std::string& sql);

private:
    std::unordered_map<std::string, statement_note> notes_;
    statement_note passing_{.permitted = sql::screened{}};
};

/// Whether a write as a whole is permitted; as sql::screen(what), but each text is looked at once.
result<sql::screened> screen(const write& what, statement_notes& notes);

/// Whether `sql` is an INSERT, UPDATE or DELETE whose rows the database can be made to count: it returns none itself.
bool is_countable(const std::string& sql);

/// The same statement, made to fail with division_by_zero unless it affects as many rows as one more parameter than
/// it has says. Only of countable ones.
std::string counted_statement(const std::string& sql, std::size_t params);

}  // namespace penholder::lane
