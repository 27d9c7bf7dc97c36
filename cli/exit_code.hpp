#pragma once

#include <penholder/errc.hpp>
#include <penholder/receipt.hpp>

#include <cstdint>

namespace penholder::cli {

/// How the command ended, for scripts.
enum class exit_code : std::uint8_t {
    done = 0,
    failed = 1,
    usage = 2,
    no_leader = 3,
    refused = 4,               ///< Somebody was asked and said no, for good reasons.
    ensemble_unreachable = 5,  ///< And what was asked for cannot be known without it.
    in_progress = 6,           ///< Still under way, or unproven, when the time-out ended.
};

exit_code exit_code_of(errc why) noexcept;

/// A write that was rejected for want of a leader ends with `no_leader`, every other rejected one with `refused`.
exit_code exit_code_of(const receipt& answer) noexcept;

}  // namespace penholder::cli
