#pragma once

#include "model/ids.hpp"

#include <penholder/error.hpp>

#include <optional>
#include <string_view>

namespace penholder::wire {

/// How a link ended, or why it could not be made. `reset` followed by `refused` is evidence that the process is gone.
enum class loss {
    reset,         ///< The connection broke: reset, closed without a goodbye, or the host became unreachable.
    refused,       ///< The host answered that nobody listens there.
    silent,        ///< Nothing was heard for silence_timeout_ms, or connecting took too long.
    unauthorized,  ///< One side could not prove, by secret or certificate, that it belongs to us.
    protocol,      ///< Another version, a malformed frame, an unknown group, another node.
    replaced,      ///< The expected node answers there in another incarnation than the expected one.
    closed,        ///< The leader said goodbye.
};

std::string_view to_string(loss what) noexcept;

/// The end of a link that was up, or of an attempt to make one.
struct link_loss {
    loss how = loss::reset;
    error why;
    bool was_up = false;             ///< False when an attempt to connect ended so.
    std::optional<incarnation> met;  ///< Which incarnation answered, where one did.
};

/// What it means that the leader said goodbye for this reason.
link_loss loss_by_goodbye(error why);

}  // namespace penholder::wire
