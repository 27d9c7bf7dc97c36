#pragma once

#include <penholder/error.hpp>
#include <penholder/receipt.hpp>

#include <boost/json/object.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace penholder::api {

/// A refusal as HTTP shows it: `application/problem+json` (RFC 9457) with Penholder's own members.
struct problem {
    std::string type;  ///< "urn:penholder:problem:<code>".
    std::string title;
    unsigned status = 0;  ///< Of HTTP.
    std::string code;     ///< A name that does not change: that of an `errc`, or HTTP's own such as "not_found".
    std::string detail;   ///< What happened, to what, and what to do next.
    penholder::outcome outcome = outcome::unknown;
    std::string group;
    std::string write_id;
    std::string sqlstate;
    std::optional<std::size_t> statement;  ///< Which statement of the write, from 0, where one is to blame.
    error_fields fields;                   ///< What PostgreSQL's error named.
    bool replayed = false;                 ///< The write had been decided before,
    std::chrono::system_clock::time_point decided_at{};  ///< then.
    std::string pointer;                                 ///< Where in the body, as a JSON pointer (RFC 6901).
    std::string hint;                                    ///< What to do next: about this error, then in general.
    std::string trace_id;                                ///< The trace that the request belongs to.
};

/// A request that failed. What is still under way, or may have happened, is never called rejected: that would promise
/// that it will not happen.
problem to_problem(const error& failed, const std::string& group);

/// A write that was not committed.
problem to_problem(const receipt& refused, const std::string& group);

/// A refusal of HTTP itself, which no `errc` names.
problem http_problem(unsigned status, std::string_view code, std::string_view title, std::string_view detail);

boost::json::object to_json(const problem& shown);

/// What a node's problem says; where the body is something else, what its HTTP status says.
error read_error(unsigned http_status, std::string_view body);

/// The receipt in a node's answer to a write: from 200 a committed one, from a problem a rejected or unknown one.
/// `write_id` stands in where the answer names none. Errors: what is wrong with the request rather than with the write.
result<receipt> read_receipt(unsigned http_status, std::string_view body, const std::string& write_id);

}  // namespace penholder::api
