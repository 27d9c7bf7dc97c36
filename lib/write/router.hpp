#pragma once

#include "action.hpp"
#include "leader_route.hpp"
#include "origin_sequences.hpp"
#include "pending.hpp"
#include "route.hpp"
#include "router_options.hpp"
#include "write_check.hpp"

#include <penholder/write.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace penholder {

/// Decides for one group at one node what happens with each write: apply it here, forward it to the leader, let it
/// wait, or answer it. Holds the node's own writes from submit to answer, through changes of leader; forwarded writes
/// of other nodes are only admitted or refused. Owned by the group, on the node's strand. Every event is legal at every
/// moment; each returns what the host must do, in order.
///
/// A write is answered `rejected` only when no attempt can have been applied: once an attempt has ended in doubt, only
/// a decided answer takes the doubt away.
class router {
public:
    using time_point = std::chrono::steady_clock::time_point;

    router(router_options settings, time_point now);

    /// A write of this node's own caller.
    actions submit(ticket from, write what, time_point now);

    /// Our own lane is open under `now_leading`; writes may be given to it.
    actions leader_here(term now_leading, time_point now);

    /// `node` leads at `endpoint`. Writes wait until the link of that term is up.
    actions leader_there(term its_term, std::string node, std::string endpoint, time_point now);

    /// Nobody is known to lead. What is on the lane or on the link stays there until it is answered or the link goes
    /// down.
    actions leader_unknown(time_point now);

    /// The link to the leader of `its_term` accepts writes, at most `window` at once; the others wait for a reply.
    actions link_up(term its_term, std::size_t window, time_point now);

    /// The link is gone, by itself or because the host closed it: whatever was sent on it is in doubt and goes out
    /// again.
    actions link_down(time_point now);

    /// The lane's answer or the leader's reply to an attempt. A ticket that was answered before is ignored.
    actions answered(ticket whose, write_answer answer, time_point now);

    /// The caller of that write waits no longer: it is answered now, whatever is true of the write. One that was sent
    /// goes its way.
    actions withdraw(ticket whose, time_point now);

    /// The host's timer fired; see next_deadline().
    actions expire(time_point now);

    /// No new writes. Waiting ones are answered now; sent ones still get their answer, until give_up().
    actions stop(time_point now);

    /// Answers all that is left.
    actions give_up(time_point now);

    /// When expire() wants to be called; nothing when nothing is pending. May be earlier than needed, never later.
    std::optional<time_point> next_deadline() const;

    /// Where a write of this moment belongs: the one place that knows whether this node leads.
    route current_route() const { return leader_.current(); }

    /// Whether a write that another node forwarded may go to our lane: either the write as the lane takes it, or the
    /// answer to reply with. What the other node found about it is not relied on. It is never forwarded again.
    std::variant<checked_write, write_answer> admit_forwarded(std::string id, std::shared_ptr<const write> what);

    std::size_t pending() const noexcept { return pending_.size(); }
    /// Whether the write of that ticket has no answer yet.
    bool holds(ticket which) const noexcept { return pending_.holds(which); }
    /// Whether a write of that id, from this node's own caller, has no answer yet.
    bool holds(std::string_view id) const { return pending_.holds(id); }
    bool stopping() const noexcept { return stopping_; }

private:
    result<checked_write> check(const std::shared_ptr<const write>& what);
    std::optional<receipt> refuse(const checked_write& what) const;
    std::optional<receipt> refuse_overload(const checked_write& what) const;
    pending_write& take(ticket from, checked_write what, time_point now);
    void send(pending_write& one, actions& out, time_point now);
    void send_ready(actions& out, time_point now);
    void take_back_link();
    void settle(pending_write& one, write_answer with, actions& out, time_point now);
    void look_at(pending_write& one, actions& out, time_point now);
    void give_back_waiting(actions& out, time_point now);
    void give_back(pending_write& one, errc why, const std::string& message, actions& out, time_point now);
    void answer(pending_write& one, receipt with, actions& out, time_point now);
    void note_hint(const write_answer& from, actions& out);

    router_options settings_;
    write_check check_;
    origin_sequences sequences_;
    pending_table pending_;
    leader_route leader_;
    bool stopping_ = false;
};

}  // namespace penholder
