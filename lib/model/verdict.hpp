#pragma once

#include <cstdint>
#include <string_view>

namespace penholder {

/// What a lane, or the leader at the other end of a link, says of one write.
enum class write_verdict : std::uint8_t {
    decided,      ///< There is a receipt, committed or rejected, and it is final for its write id.
    handed_back,  ///< Certainly not applied by this attempt; the reason says why.
    in_flight,    ///< The same write id is being applied at this moment by an earlier attempt.
    in_doubt,     ///< Sent to the database, and nothing proves what became of it.
};

std::string_view to_string(write_verdict what) noexcept;

}  // namespace penholder
