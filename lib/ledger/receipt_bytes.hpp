#pragma once

#include <penholder/receipt.hpp>

#include <optional>
#include <string>

namespace penholder::ledger {

/// A decided receipt as the ledger keeps it: without its write id, which is the row's, and without its log position.
std::string to_bytes(const receipt& decided);

/// The receipt kept, marked as replayed. Nothing where the bytes are not a receipt.
std::optional<receipt> replayed_receipt(const std::string& write_id, const std::string& bytes);

}  // namespace penholder::ledger
