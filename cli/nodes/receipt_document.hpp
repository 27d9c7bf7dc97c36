#pragma once

#include "cli/document.hpp"

#include <penholder/receipt.hpp>

namespace penholder::cli {

/// A receipt: a heading that says what became of the write and a row for each statement.
document describe_receipt(const receipt& answer);

}  // namespace penholder::cli
