#pragma once

#include "checked_write.hpp"
#include "model/ids.hpp"
#include "model/ticket.hpp"
#include "model/write_answer.hpp"

#include <penholder/receipt.hpp>

#include <chrono>
#include <variant>
#include <vector>

namespace penholder {

/// One attempt at a write: what a lane or a link needs of it. At most one attempt of a ticket is under way at a time.
struct attempt {
    penholder::ticket ticket;
    checked_write what;
    origin_mark mark;  ///< For an id that this origin gave; else floor 1 and nothing kept.
    std::chrono::steady_clock::time_point deadline;
    /// An earlier attempt, perhaps by way of another node, may have been applied. False for a new write only.
    bool again = true;
};

/// Give this write to our own lane. Its answer goes to `router::answered`.
struct apply {
    penholder::attempt attempt;
};

/// Send this write on the link to the leader. Its reply goes to `router::answered`.
struct forward {
    penholder::attempt attempt;
};

/// The caller's answer. The router has forgotten the ticket.
struct answer_caller {
    penholder::ticket ticket;
    penholder::receipt receipt;
};

/// Somebody named a leader with a newer term than the one that the router was told of.
struct follow_hint {
    leader_hint hint;
};

using action = std::variant<apply, forward, answer_caller, follow_hint>;
using actions = std::vector<action>;

}  // namespace penholder
