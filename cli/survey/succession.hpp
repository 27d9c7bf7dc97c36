#pragma once

#include "cli/invocation.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace penholder::cli {

/// A change of leader that was asked for and is being waited for.
struct awaited_succession {
    std::string group;
    std::uint64_t from_term = 0;
    std::string heir;  ///< Empty for the next in succession.
    std::chrono::steady_clock::time_point deadline;
    bool requested =
        false;  ///< The request stands in `control`; where it is gone and nothing has changed, it was refused.
    /// Set by whoever asks, when the one who was asked says no.
    std::shared_ptr<std::optional<error>> objection = std::make_shared<std::optional<error>>();
};

/// Waits until a term after `from_term` is serving, and says each phase on stderr. Errors: the objection, refused where
/// the request was withdrawn or somebody else than the heir leads, in_progress at the deadline.
boost::asio::awaitable<result<group_state>> follow(invocation& run, awaited_succession what);

}  // namespace penholder::cli
