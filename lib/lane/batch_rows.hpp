#pragma once

#include "batch.hpp"

namespace penholder::lane {

/// What one batch adds to the ledger, column by column.
struct batch::ledger_rows {
    std::vector<std::string> keys;
    std::vector<std::string> fingerprints;
    std::vector<std::string> receipts;
    std::vector<std::string> origins;
    std::vector<std::string> states;

    bool empty() const noexcept { return keys.empty() && origins.empty(); }
};

}  // namespace penholder::lane
