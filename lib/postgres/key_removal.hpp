#pragma once

#include "model/ids.hpp"
#include "raw_connection.hpp"

#include <penholder/error.hpp>
#include <penholder/receipt.hpp>

#include <optional>
#include <string>

namespace penholder::postgres {

/// Has the ledger forget an application's key whose write was rejected, as `database::forget` says. What it keeps is
/// read first, and only that very receipt is removed. Blocks; worker threads.
result<std::optional<receipt>> forget_key(raw_connection& connection, const std::string& group, term held,
                                          const std::string& key);

}  // namespace penholder::postgres
