#pragma once

#include "action.hpp"
#include "base/log_limit.hpp"
#include "instant.hpp"

#include <penholder/receipt.hpp>
#include <penholder/status.hpp>

#include <optional>
#include <string>

namespace penholder::group {

/// Counts the answers that this node's callers get, and decides which of them the log tells of: each write that was not
/// committed; only of those that an overload turns away, which may be very many, a few a second stand for all. Owned by
/// the write flow.
class write_tally {
public:
    write_tally(std::string group, std::string node) : group_(std::move(group)), node_(std::move(node)) {}

    void forwarded() noexcept { ++counters_.forwarded; }
    void not_forwarded() noexcept { --counters_.forwarded; }

    /// The line for the log, where the answer is worth one.
    std::optional<action::log> answered(const receipt& what, time_point now);

    /// The line that says whose wish it was that the ledger forgets a rejected write.
    action::log forgotten(const receipt& what, const std::string& by) const;

    const write_counters& counters() const noexcept { return counters_; }

private:
    void count(const receipt& what);
    std::optional<action::log> line(const receipt& what, time_point now);

    std::string group_;
    std::string node_;
    write_counters counters_;
    log_limit overload_lines_;
};

}  // namespace penholder::group
