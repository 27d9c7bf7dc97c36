#pragma once

#include "command.hpp"

#include <penholder/receipt.hpp>

#include <cstddef>
#include <optional>

namespace penholder::lane {

/// Why a write is rejected whose statement failed so, or whose COMMIT did. What PostgreSQL says beyond message and
/// SQLSTATE is kept as far as a receipt has room for it; its DETAIL, which can hold data, only `with_detail`.
reason refusal(const reply& why, std::optional<std::size_t> statement, bool with_detail);

}  // namespace penholder::lane
