#pragma once

#include "command.hpp"
#include "lane_write.hpp"
#include "model/fence_record.hpp"

#include <penholder/error.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace penholder::lane {

namespace action {

/// Make a connection and raise the fence over it; answered by `connected` or `lost`.
struct connect {};
/// Ask over another connection whether the server is alive; answered by `probed` with that round's number.
struct probe {
    std::uint64_t asked_at = 0;
};
/// Close the connection, where there is one; nothing that it still says counts.
struct disconnect {};
/// Send this over the connection; answered by `replied`. Where that takes long, call `silent`.
struct send {
    round commands;
};
/// What became of these writes; never empty. Each write is answered once.
struct answers {
    std::vector<lane_answer> all;
};
/// Call `begin` in a handler of its own, so that all writes submitted by one handler share a batch.
struct begin_soon {};
/// Call `begin` at that time, in place of an earlier one that was asked for.
struct begin_at {
    std::chrono::steady_clock::time_point when;
};
/// Call `reconnect` after that time.
struct reconnect_after {
    std::chrono::milliseconds pause{0};
};

// News for the lane's owner.
struct opened {};
struct lost {
    error why;
    bool repeated = false;  ///< The same as last time: nothing for the log.
};
/// Without a record, the fence is to be read first.
struct fenced {
    std::optional<fence_record> by;
};
struct first_commit {};
struct drained {};

}  // namespace action

using lane_action = std::variant<action::connect, action::disconnect, action::probe, action::send, action::answers,
                                 action::begin_soon, action::begin_at, action::reconnect_after, action::opened,
                                 action::lost, action::fenced, action::first_commit, action::drained>;
using lane_actions = std::vector<lane_action>;

}  // namespace penholder::lane
