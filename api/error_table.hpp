#pragma once

#include "api/exit_code.hpp"

#include <penholder/errc.hpp>
#include <penholder/receipt.hpp>

#include <string_view>

namespace penholder::api {

/// What one error code means to everybody outside the library: one row of the table in error_table.cpp, the only place
/// where codes become HTTP statuses and exit codes.
struct error_row {
    errc code;
    unsigned http_status;
    exit_code exit;
    std::string_view title;
    std::string_view hint = {};  ///< What a caller of the HTTP API can do next; empty where nothing is general.

    /// The same behind advice about what has to be mended first: waiting alone does not help then.
    std::string_view hint_after_advice() const noexcept;
};

/// The row of `code`; every code has one.
const error_row& row_of(errc code) noexcept;

/// What an HTTP status says by itself, for answers that carry no code: the first code of that status in the table.
errc code_of_status(unsigned http_status) noexcept;

exit_code exit_code_of(errc code) noexcept;

/// A write that was rejected for want of a leader ends with `no_leader`, every other rejected one with `refused`.
exit_code exit_code_of(const receipt& answer) noexcept;

}  // namespace penholder::api
