#pragma once

#include "command.hpp"
#include "connection_id.hpp"
#include "lane_write.hpp"
#include "lock_holder.hpp"
#include "model/fence_record.hpp"
#include "trouble.hpp"

#include <penholder/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace penholder::lane {

namespace action {

/// Make this connection; the lane's raises the fence over it. Answered by `connected` or `lost`.
struct connect {
    connection_id which;
};
/// Ask over another connection whether the server is alive; answered by `probed` with that round's number.
struct probe {
    connection_id which;
    std::uint64_t asked_at = 0;
};
/// Find out, over another connection, who holds the lock that this one's backend waits for; answered by `blocked` with
/// that round's number, where it is somebody other than our own connections.
struct find_lock_holder {
    connection_id which;
    std::uint64_t asked_at = 0;
};
/// Close the connection, where there is one; nothing that it still says counts.
struct disconnect {
    connection_id which;
};
/// As `disconnect`, and have the server end its backend, which may be in the middle of a statement.
struct terminate {
    connection_id which;
};
/// Send this over the connection; answered by `replied`. Where that takes long, call `silent`. Rows beyond
/// `max_rows_bytes` in all replies together are dropped as they come, and the reply is `too_large`.
struct send {
    connection_id which;
    round commands;
    std::size_t max_rows_bytes = 0;
};
/// Ask the catalogue, over a connection of its own, about a statement of this shape; answered by `judged`.
struct judge {
    std::string shape;
    std::string sql;
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
    connection_id which;
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
/// The first transaction with a write in it was committed, over whichever connection.
struct first_commit {};
struct drained {};

/// A session's connection was lost, or could not be made.
struct session_lost {
    connection_id which;
    error why;
    bool repeated = false;  ///< The same as the last one of any session: nothing for the log.
};
/// Statements of this shape take sessions. Said about once for each shape.
struct not_plain {
    std::string shape;
    std::string why;     ///< One word, as in the metrics.
    std::string detail;  ///< What exactly.
};
/// The catalogue is another than the lane knew it: what was known of statements is dropped.
struct catalogue_changed {};
/// A write's connection ended twice while it ran: it was rejected.
struct write_blamed {
    std::string id;
    std::string why;
    std::string trace_id;  ///< Empty where the write has none.
};
/// A write waits for a lock of somebody outside. Said of each holder, not of each write.
struct lock_wait {
    std::string id;
    lock_holder whom;
    std::string trace_id;  ///< Empty where the write has none.
};
/// Writes are not applied for a reason that is not theirs. Said once for each reason.
struct writes_fail {
    std::string why;
};
/// The ledger grows: what is older than its retention was not forgotten.
struct not_swept {
    trouble why;
};

}  // namespace action

using lane_action =
    std::variant<action::connect, action::disconnect, action::terminate, action::probe, action::send, action::judge,
                 action::answers, action::begin_soon, action::begin_at, action::reconnect_after, action::opened,
                 action::lost, action::fenced, action::first_commit, action::drained, action::session_lost,
                 action::not_plain, action::catalogue_changed, action::write_blamed, action::writes_fail,
                 action::not_swept, action::find_lock_holder, action::lock_wait>;
using lane_actions = std::vector<lane_action>;

}  // namespace penholder::lane
