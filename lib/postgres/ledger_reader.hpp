#pragma once

#include "raw_connection.hpp"

#include <penholder/error.hpp>
#include <penholder/receipt.hpp>

#include <optional>
#include <string>

namespace penholder::postgres {

/// What the ledger knows of a write id, of either kind. Blocks; worker threads.
result<std::optional<receipt>> read_receipt(raw_connection& connection, const std::string& group,
                                            const std::string& write_id);

}  // namespace penholder::postgres
