#include "router.hpp"

#include "receipts.hpp"
#include "retry.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace penholder {

using place = pending_write::place;

router::router(router_options settings, time_point now)
    : settings_(std::move(settings)),
      check_(settings_.max_write_bytes),
      sequences_(settings_.keep_unknown),
      leader_(settings_.node, now) {}

actions router::submit(ticket from, write what, time_point now) {
    if (stopping_) {
        return {answer_caller{
            from, rejected_receipt(what.id(), errc::shutting_down, "this node is shutting down; use another one")}};
    }
    const auto shared = std::make_shared<const write>(std::move(what));
    auto checked = check(shared);
    if (!checked) {
        return {answer_caller{from, rejected_receipt(shared->id(), checked.error())}};
    }
    if (auto refused = refuse(*checked)) return {answer_caller{from, std::move(*refused)}};
    actions out;
    auto& one = take(from, std::move(*checked), now);
    if (!leader_.has_room(pending_.link_count()) || pending_.first_ready() != &one) {
        one.held = !leader_.reaches_leader();
        return out;
    }
    send(one, out, now);
    return out;
}

/// A write without an id is checked under the one that it gets when it is taken.
result<checked_write> router::check(const std::shared_ptr<const write>& what) {
    if (!what->id().empty()) return check_.check(what->id(), what);
    return check_.check(origin_write_id(settings_.origin, sequences_.upcoming()), what);
}

std::optional<receipt> router::refuse(const checked_write& what) const {
    const auto& id = what.what().id();
    if (!id.empty()) {
        const auto* given = what.id().given();
        if (given && given->origin() == settings_.origin && !sequences_.was_given(given->sequence())) {
            return rejected_receipt(id, errc::malformed_write, "this node never gave the write id '" + id + "'");
        }
        if (pending_.holds(id)) {
            return unknown_receipt(id, errc::in_flight,
                                   "a write of this id is under way at this node already; wait for its answer, or ask "
                                   "for its receipt");
        }
    }
    return refuse_overload(what);
}

std::optional<receipt> router::refuse_overload(const checked_write& what) const {
    const auto refused = [&](const std::string& how_much) {
        return rejected_receipt(what.what().id(), errc::overloaded,
                                how_much + " are pending at this node already; try again later");
    };
    if (pending_.size() >= settings_.max_pending) return refused(std::to_string(pending_.size()) + " writes");
    // One write alone is always taken, however large it is.
    if (pending_.size() > 0 && pending_.bytes() + what.bytes() > settings_.max_pending_bytes) {
        return refused(std::to_string(pending_.size()) + " writes of " + std::to_string(pending_.bytes()) + " bytes");
    }
    return std::nullopt;
}

pending_write& router::take(ticket from, checked_write what, time_point now) {
    pending_write one{.from = from, .what = std::move(what), .sequence = {}, .deadline = {}, .due = {}};
    const auto within = one.what.what().deadline().value_or(settings_.default_deadline);
    one.deadline = now + std::min(within, settings_.max_deadline);
    const auto* given = one.what.id().given();
    if (one.what.what().id().empty()) {
        one.sequence = sequences_.next();
        assert(given != nullptr && given->sequence() == *one.sequence);
    } else if (given && given->origin() == settings_.origin) {
        one.asked_again = sequences_.reopen(given->sequence(), now);
        if (one.asked_again) one.sequence = given->sequence();
    }
    return pending_.add(std::move(one));
}

actions router::leader_here(term now_leading, time_point now) {
    leader_.leads_here(now_leading);
    actions out;
    pending_.wake_delayed();
    send_ready(out, now);
    return out;
}

actions router::leader_there(term its_term, std::string node, std::string endpoint, time_point now) {
    leader_.leads_there(its_term, std::move(node), std::move(endpoint));
    actions out;
    send_ready(out, now);
    return out;
}

actions router::leader_unknown(time_point now) {
    leader_.leads_nowhere(now);
    return {};
}

actions router::link_up(term its_term, std::size_t window, time_point now) {
    actions out;
    take_back_link();
    leader_.link_up(its_term, window);
    pending_.wake_delayed();
    send_ready(out, now);
    return out;
}

actions router::link_down(time_point now) {
    actions out;
    leader_.link_down();
    take_back_link();
    send_ready(out, now);
    return out;
}

actions router::answered(ticket whose, write_answer with, time_point now) {
    actions out;
    note_hint(with, out);
    auto* one = pending_.find(whose);
    const bool stale = one && one->at == place::waiting && with.verdict != write_verdict::decided;
    if (!one || stale) return out;
    settle(*one, std::move(with), out, now);
    send_ready(out, now);
    return out;
}

void router::settle(pending_write& one, write_answer with, actions& out, time_point now) {
    one.in_doubt = one.in_doubt || with.verdict == write_verdict::in_doubt;
    if (with.verdict == write_verdict::in_flight) with.why = errc::in_flight;
    if (!with.sqlstate.empty()) one.ran_into = error{with.why, with.message, with.sqlstate};
    const auto next = after_attempt(one, with, settings_);
    switch (next.what) {
        case next_step::kind::settle: return answer(one, std::move(with.receipt), out, now);
        case next_step::kind::reject:
            return answer(one, rejected_receipt(one.id(), with.why, std::move(with.message), std::move(with.sqlstate)),
                          out, now);
        case next_step::kind::unknown:
            return answer(one, unknown_receipt(one.id(), with.why, std::move(with.message), std::move(with.sqlstate)),
                          out, now);
        case next_step::kind::doubt: return give_back(one, with.why, with.message, out, now);
        case next_step::kind::retry: break;
    }
    if (stopping_) return give_back(one, errc::shutting_down, "this node is shutting down; use another one", out, now);
    one.held = true;
    pending_.delay(one, now + next.delay);
}

actions router::withdraw(ticket whose, time_point now) {
    actions out;
    auto* one = pending_.find(whose);
    if (!one) return out;
    one->in_doubt = one->in_doubt || one->at != place::waiting;
    give_back(*one, errc::deadline_expired, "its caller stopped waiting before it was sent to the leader", out, now);
    send_ready(out, now);
    return out;
}

actions router::expire(time_point now) {
    actions out;
    while (auto* one = pending_.first_due(now)) look_at(*one, out, now);
    send_ready(out, now);
    return out;
}

void router::look_at(pending_write& one, actions& out, time_point now) {
    const bool waits = one.at == place::waiting;
    if (waits && now < one.deadline) return pending_.make_ready(one);
    if (waits) {
        const auto why = leader_.is_nowhere() ? errc::no_leader : errc::deadline_expired;
        return give_back(one, why, leader_.why_not_sent(now), out, now);
    }
    if (now < one.deadline + settings_.grace) return pending_.look_again(one, one.deadline + settings_.grace);
    one.in_doubt = true;
    give_back(one, errc::deadline_expired, {}, out, now);
}

actions router::stop(time_point now) {
    stopping_ = true;
    actions out;
    give_back_waiting(out, now);
    return out;
}

void router::give_back_waiting(actions& out, time_point now) {
    for (const auto which : pending_.waiting()) {
        give_back(*pending_.find(which), errc::shutting_down, "this node is shutting down; use another one", out, now);
    }
}

actions router::give_up(time_point now) {
    actions out;
    for (const auto which : pending_.everything()) {
        auto& one = *pending_.find(which);
        one.in_doubt = one.in_doubt || one.at != place::waiting;
        give_back(one, errc::shutting_down, "this node is shutting down; use another one", out, now);
    }
    return out;
}

// What waits without doubt was certainly not applied; everything else may have been.
void router::give_back(pending_write& one, errc why, const std::string& message, actions& out, time_point now) {
    if (!one.in_doubt) return answer(one, rejected_receipt(one.id(), why, message), out, now);
    const auto last = one.ran_into.value_or(error{why, {}});
    const bool says_so = last.code == errc::outcome_unknown && !last.message.empty();
    const auto because = last.message.empty() ? "" : " (" + last.message + ")";
    answer(one,
           unknown_receipt(one.id(), errc::outcome_unknown,
                           says_so ? last.message
                                   : "the write was sent and nothing proves what became of it" + because +
                                         "; ask again with write id '" + one.id() + "'",
                           last.sqlstate),
           out, now);
}

void router::answer(pending_write& one, receipt with, actions& out, time_point now) {
    with.write_id = one.id();
    const bool not_attempted = with.outcome == outcome::rejected && is_retryable(with.why->code);
    const bool still_unknown = with.outcome == outcome::unknown || (one.asked_again && not_attempted);
    if (one.sequence) {
        const bool keeps = still_unknown;
        keeps ? sequences_.unknown(*one.sequence, now) : sequences_.settled(*one.sequence);
    }
    out.push_back(answer_caller{one.from, std::move(with)});
    pending_.erase(one);
}

void router::send_ready(actions& out, time_point now) {
    if (stopping_) return give_back_waiting(out, now);
    while (leader_.has_room(pending_.link_count())) {
        auto* one = pending_.first_ready();
        if (!one) return;
        if (now >= one->deadline) {
            give_back(*one, errc::deadline_expired, leader_.why_not_sent(now), out, now);
        } else {
            send(*one, out, now);
        }
    }
}

void router::send(pending_write& one, actions& out, time_point now) {
    ++one.tries;
    attempt made{one.from, one.what, one.sequence ? sequences_.mark(now) : origin_mark{}, one.deadline,
                 one.may_be_decided()};
    if (leader_.is_here()) {
        pending_.sent(one, place::lane);
        out.push_back(apply{std::move(made)});
    } else {
        pending_.sent(one, place::link);
        out.push_back(forward{std::move(made)});
    }
}

void router::take_back_link() {
    for (const auto which : pending_.on_link()) {
        auto& one = *pending_.find(which);
        one.in_doubt = true;
        one.held = true;
        pending_.make_ready(one);
    }
}

void router::note_hint(const write_answer& from, actions& out) {
    if (from.hint && leader_.is_news(*from.hint)) out.push_back(follow_hint{*from.hint});
}

std::optional<router::time_point> router::next_deadline() const {
    return pending_.next_due();
}

/// A leader that is stopping serves its followers until somebody else does.
std::variant<checked_write, write_answer> router::admit_forwarded(std::string id, std::shared_ptr<const write> what) {
    if (leader_.is_there()) {
        const auto leads = leader_.as_hint();
        return handed_back(errc::not_leader, "node '" + settings_.node + "' does not lead, '" + leads.node + "' does",
                           leads);
    }
    if (leader_.is_nowhere()) return handed_back(errc::not_leader, "node '" + settings_.node + "' does not lead");
    if (id.empty()) return handed_back(errc::malformed_write, "a forwarded write needs a write id");
    auto checked = check_.check(std::move(id), std::move(what));
    if (!checked) return handed_back(checked.error().code, checked.error().message);
    return std::move(*checked);
}

}  // namespace penholder
