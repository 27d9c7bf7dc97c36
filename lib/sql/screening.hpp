#pragma once

#include <penholder/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace penholder::sql {

/// A permitted statement.
struct screened {
    /// Statements of one shape differ in their constants only, and PostgreSQL resolves them alike: what is found out of
    /// one holds for all. Empty where the text alone shows that it is not plain.
    std::string shape;
    /// The highest $n in it, which is how many parameters PostgreSQL takes for it.
    std::size_t parameters = 0;
};

/// Refuses what would end or leave the write's transaction, outlive it in the session, change who executes it, or touch
/// schema penholder, before anything is sent. It reads the statement's text only: what a function or a DO block does
/// inside is undone after the write instead (settings, temporary tables, session locks, cursors, LISTEN). Pure, one
/// pass. Errors: malformed_write (an empty text, several statements in one, a NUL byte, parentheses nested too deep),
/// forbidden_statement (what it is and why not), statement_failed (what is refused is no SQL at all; with PostgreSQL's
/// sqlstate and the position).
result<screened> screen_statement(std::string_view sql);

}  // namespace penholder::sql
