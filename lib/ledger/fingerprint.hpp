#pragma once

#include <penholder/write.hpp>

#include <string>

namespace penholder::ledger {

/// 16 bytes that tell one payload from another: statements, parameters and expected row counts, not id and deadline.
/// Kept in the ledger, so it must never change for the same payload.
std::string fingerprint(const write& what);

}  // namespace penholder::ledger
