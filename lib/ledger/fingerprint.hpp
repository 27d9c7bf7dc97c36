#pragma once

#include "sql/text_notes.hpp"

#include <penholder/write.hpp>

#include <array>
#include <string>

namespace penholder::ledger {

/// Makes 16 bytes that tell one payload from another: the meaning of each statement (see sql::meaning_of), in order,
/// with its parameters and expected row count; not id and deadline. Kept in the ledger, so they must never change for
/// the same payload. What a text means is found out once. Owned by the lane's applier.
class fingerprints {
public:
    std::string of(const write& what);

private:
    using digest = std::array<char, 32>;

    static digest digest_of(const std::string& sql);

    sql::text_notes<digest> meanings_;
};

}  // namespace penholder::ledger
