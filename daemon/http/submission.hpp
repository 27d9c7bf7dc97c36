#pragma once

#include <penholder/write.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace penholder::daemon {

/// How an answer shows the values of returned rows.
enum class value_form {
    text,  ///< All in PostgreSQL's text format.
    json,  ///< By their types, see api::typed_column.
};

std::optional<value_form> value_form_of(std::string_view name);

/// What is said where there is none of that name.
std::string no_such_form(std::string_view name);

/// The body of `POST …/writes`.
struct submission {
    write what;
    bool wait = true;  ///< False: the caller asks for the receipt later, by its write id.
    value_form values = value_form::text;
};

/// The body of `POST …/{handover,resign}`.
struct handover_request {
    std::string to;  ///< Empty: the next in succession.
    int within_ms = 10000;
};

/// Why a body was not understood.
struct body_problem {
    std::string pointer;  ///< Where in the body, as a JSON pointer (RFC 6901); empty for the body as a whole.
    std::string message;
};

/// Reads a write. `key` is the write id where the caller gave one. Parameters may be strings, numbers, booleans, null,
/// arrays of one kind of these, which become PostgreSQL's arrays, and objects, which travel as JSON text; the object
/// `{"json": …}` is what stands behind it as JSON text. Members that are not known are refused by name.
std::variant<submission, body_problem> decode_submission(std::string_view body, const std::string& key);

/// Reads an operator's request; an empty body asks for the defaults.
std::variant<handover_request, body_problem> decode_handover(std::string_view body);

}  // namespace penholder::daemon
