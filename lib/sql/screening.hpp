#pragma once

#include <penholder/error.hpp>

#include <string>
#include <string_view>

namespace penholder::sql {

/// A permitted statement.
struct screened {
    /// Statements of one shape differ in their constants only, and PostgreSQL resolves them alike: what is found out of
    /// one holds for all. Empty where the text alone shows that it is not plain.
    std::string shape;
};

/// Refuses what would end or leave the batch's transaction, outlive it in the session, or touch schema penholder,
/// before anything is sent. It reads the statement's text only: what a function or a DO block does inside is undone
/// after the batch instead (settings, temporary tables, session locks, cursors, LISTEN). Pure. Errors: malformed_write
/// (an empty text, several statements in one, a NUL byte), forbidden_statement (what it is and why not).
result<screened> screen_statement(std::string_view sql);

}  // namespace penholder::sql
