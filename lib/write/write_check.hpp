#pragma once

#include "checked_write.hpp"
#include "sql/screening.hpp"
#include "sql/text_notes.hpp"

#include <penholder/error.hpp>
#include <penholder/write.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace penholder {

/// Decides whether a write may be sent at all, before it is sent anywhere, and makes a checked_write of one that may.
/// A statement's text that was screened before is not read again. Owned by a router; no call fails but by its result.
class write_check {
public:
    explicit write_check(std::size_t max_bytes) : max_bytes_(max_bytes) {}

    /// `id` is the text of a write id, not empty.
    /// Errors: malformed_write, payload_too_large, forbidden_statement, statement_failed (no SQL at all); with the
    /// statement, where one is to blame.
    result<checked_write> check(std::string id, std::shared_ptr<const write> what);
    result<checked_write> check(write_id id, std::shared_ptr<const write> what);

private:
    static result<> check_form(const write& what);
    result<std::vector<std::string>> screen(const write& what);

    std::size_t max_bytes_;
    sql::text_notes<result<sql::screened>> screened_;
};

}  // namespace penholder
