#pragma once

#include "election/event.hpp"
#include "lane/lane_write.hpp"
#include "link_target.hpp"
#include "model/fence_record.hpp"
#include "model/ticket.hpp"
#include "wire/link_loss.hpp"
#include "wire/request.hpp"

#include <penholder/error.hpp>
#include <penholder/receipt.hpp>
#include <penholder/status.hpp>
#include <penholder/write.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace penholder::group {

namespace event {

/// The first event.
struct start {};
/// Give up leadership where another node can lead, stand for it no more, and go on with writes.
struct retire {};
/// Give up leadership first, answer or hand back every write, then close.
struct stop {};
/// Close at once, where it stands.
struct close {};
/// `next_deadline()` has come.
struct time_passed {};

// From the ensemble.

/// The session's news, and answers to questions.
struct ensemble {
    election::any_event what;
};
/// A watch fired at this path.
struct znode_changed {
    std::uint64_t generation = 0;
    std::string path;
};

/// Who is enrolled in the group, this node too, where that has changed.
struct members_changed {
    std::vector<member> enrolled;
};

// From this node's callers. Tickets rise with every caller and peer.

struct submit {
    ticket from;
    write what;
};
/// The caller of that write waits no longer.
struct withdraw {
    ticket from;
};
/// Wants the receipt that the ledger keeps for a write id.
struct find {
    ticket from;
    std::string id;
};
/// Wants the ledger to forget a key whose write was rejected.
struct forget {
    ticket from;
    std::string id;
    std::string by;  ///< Who wants it.
};
/// Asks the leader, whichever node that is, to hand over to `heir` (empty: the next in succession).
struct handover {
    ticket from;
    std::string heir;
    std::chrono::milliseconds within{0};
};
/// Answers `action::request_handover`: the term that was asked to end.
struct handover_requested {
    ticket from;
    result<penholder::term> from_term;
};
/// As a handover without an heir, for the leader itself only.
struct resign {
    ticket from;
    std::chrono::milliseconds within{0};
};

/// A follower asks this node as its leader.
struct peer_asked {
    ticket from;
    wire::request_body what;
};

/// How many links of other nodes to this one are up, where that has changed.
struct followers_linked {
    std::size_t links = 0;
};

// From the link to the leader.

struct link_up {
    link_id link;
    incarnation life;        ///< Of the leader that answers.
    std::size_t window = 0;  ///< How many writes may be without a reply.
};
/// Also each attempt to connect that failed.
struct link_lost {
    link_id link;
    wire::link_loss how;
};
struct link_replied {
    wire::reply what;
};
/// Answers `action::send` where the link has no room, or is down, which a `link_lost` is going to tell.
struct not_sent {
    wire::request what;
    bool link_is_up = false;
};

// From the database.

/// Answers `action::probe`.
struct database_probed {
    result<fence_record> seen;
};
/// Answers `action::raise_fence`.
struct fence_answered {
    penholder::term term;
    result<fence_answer> answer;
};
/// Connected; after every loss again.
struct lane_opened {
    lane_id lane;
    fence_raise raised{};  ///< As the fence stands where it is connected to.
};
/// A batch with writes in it was committed, the first of this lane.
struct lane_first_commit {
    lane_id lane;
};
/// The connection was lost, or could not be made; the lane tries again.
struct lane_lost {
    lane_id lane;
    error why;
};
/// The database refused the lane's term: `by` holds the fence. The lane is closed.
struct lane_fenced {
    lane_id lane;
    fence_record by;
};
struct lane_drained {
    lane_id lane;
};
/// Also of a lane that is closed.
struct writes_answered {
    std::vector<lane::lane_answer> answers;
};
/// Answers `action::read_receipt`.
struct receipt_read {
    ticket from;
    result<std::optional<receipt>> what;
    bool under_way = false;  ///< A lane of this node held a write of that id when the ledger was asked or answered.
};

/// Answers `action::forget_key`, with the receipt that is forgotten.
struct key_forgotten {
    ticket from;
    std::string id;
    std::string by;
    result<std::optional<receipt>> what;
    bool under_way = false;  ///< A lane of this node held a write of that id: nothing was done.
};

}  // namespace event

/// Everything that a group's machine can be told.
using any_event =
    std::variant<event::start, event::retire, event::stop, event::close, event::time_passed, event::ensemble,
                 event::znode_changed, event::members_changed, event::submit, event::withdraw, event::find,
                 event::forget, event::handover, event::handover_requested, event::resign, event::peer_asked,
                 event::followers_linked, event::link_up, event::link_lost, event::link_replied, event::not_sent,
                 event::database_probed, event::fence_answered, event::lane_opened, event::lane_first_commit,
                 event::lane_lost, event::lane_fenced, event::lane_drained, event::writes_answered, event::receipt_read,
                 event::key_forgotten>;

}  // namespace penholder::group
