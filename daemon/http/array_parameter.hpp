#pragma once

#include <penholder/error.hpp>
#include <penholder/write.hpp>

#include <boost/json/array.hpp>

namespace penholder::daemon {

/// A JSON array as the text of PostgreSQL's: scalars of one kind and null, or arrays of equal lengths of these, down to
/// six levels. Errors: malformed_write, saying what PostgreSQL's arrays do not hold.
result<parameter> array_parameter(const boost::json::array& from);

}  // namespace penholder::daemon
