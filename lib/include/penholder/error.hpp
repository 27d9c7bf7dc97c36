#pragma once

#include <penholder/errc.hpp>

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace penholder {

/// A code to decide by and a sentence for people: what happened, to what, and what to do next.
struct error {
    errc code = errc::internal;
    std::string message;
    std::string sqlstate = {};                  ///< Five characters where PostgreSQL said so; else empty.
    std::optional<std::size_t> statement = {};  ///< Which statement of the write, from 0, where one is to blame.
    std::optional<std::size_t> position = {};   ///< In that statement, in characters, from 1.

    friend bool operator==(const error&, const error&) = default;
};

/// What the throwing calls of the public face throw. `code()` compares with `errc`; `what()` is the whole sentence.
class exception : public std::system_error {
public:
    explicit exception(error why) : std::system_error(make_error_code(why.code), why.message), why_(std::move(why)) {}
    const error& why() const noexcept { return why_; }

private:
    error why_;
};

/// The value, or why there is none.
template <class T = void>
using result = boost::system::result<T, error>;

[[noreturn]] inline void throw_exception_from_error(const error& why, const boost::source_location&) {
    throw exception(why);
}

}  // namespace penholder
