#include "write_flow.hpp"

#include "model/write_id.hpp"
#include "write/receipts.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <iterator>
#include <utility>

namespace penholder::group {

write_flow::write_flow(router_options rules, std::string group, bool has_database, time_point now)
    : group_(std::move(group)),
      has_database_(has_database),
      router_(rules, now),
      search_(group_, has_database),
      tally_(group_, rules.node) {}

// What callers and followers ask for.

flow_actions write_flow::on(event::submit what, time_point now) {
    if (has_database_) return translate(router_.submit(what.from, std::move(what.what), now), now);
    const auto why = "group '" + group_ + "' has no database: it is an election only; configure one to write";
    return {action::answer_write{what.from, rejected_receipt(what.what.id(), errc::invalid_argument, why)}};
}

flow_actions write_flow::on(event::withdraw what, time_point now) {
    return translate(router_.withdraw(what.from, now), now);
}

flow_actions write_flow::on(event::find what, time_point now) {
    const bool under_way = router_.holds(what.id);
    return translate(search_.find({what.from, std::move(what.id), under_way}, router_.current_route(), link_, now));
}

/// An id that a node gave is never sent again: nothing stands in its way.
flow_actions write_flow::on(event::forget what, time_point now) {
    if (const auto fit = check_key(what.id); !fit) {
        return {action::answer_find{what.from, error{errc::invalid_argument, fit.error().message}}};
    }
    const bool under_way = router_.holds(what.id);
    return translate(search_.find({what.from, std::move(what.id), under_way, std::move(what.by)},
                                  router_.current_route(), link_, now));
}

flow_actions write_flow::on(event::peer_asked what, time_point now) {
    if (auto* asked = std::get_if<wire::submit>(&what.what)) return admit(what.from, std::move(*asked), now);
    receipt_search::question question{what.from, {}};
    if (auto* asked = std::get_if<wire::forget>(&what.what)) {
        question.id = std::move(asked->id);
        question.forgotten_by = std::move(asked->by);
    } else {
        question.id = std::move(std::get<wire::find>(what.what).id);
    }
    question.under_way = router_.holds(question.id);
    return translate(search_.find_for_peer(std::move(question), router_.current_route(), now));
}

/// A forwarded write is admitted here or handed back; it is never forwarded again.
flow_actions write_flow::admit(ticket from, wire::submit what, time_point now) {
    auto admitted = router_.admit_forwarded(std::move(what.id), std::move(what.what));
    if (auto* refusal = std::get_if<write_answer>(&admitted)) {
        return {action::answer_peer{from, std::move(*refusal)}};
    }
    auto& checked = std::get<checked_write>(admitted);
    if (!lane_) return {action::answer_peer{from, handed_back(errc::not_leader, "the term has ended")}};
    const auto deadline = now + std::chrono::milliseconds(what.deadline_ms);
    return {action::apply{*lane_, {from, std::move(checked), std::move(what.mark), deadline, !what.first}}};
}

// What came of it.

flow_actions write_flow::on(event::writes_answered what, time_point now) {
    flow_actions out;
    out.reserve(what.answers.size());
    for (auto& [to, answer] : what.answers) {
        if (!router_.holds(to)) {
            out.push_back(action::answer_peer{to, std::move(answer)});
            continue;
        }
        translate(router_.answered(to, std::move(answer), now), out, now);
    }
    return out;
}

flow_actions write_flow::on(event::receipt_read what, time_point) {
    return translate(search_.read(what.from, std::move(what.what), what.under_way));
}

flow_actions write_flow::on(event::key_forgotten what, time_point) {
    auto line = what.what && *what.what ? std::optional(tally_.forgotten(**what.what, what.by)) : std::nullopt;
    auto out = translate(search_.forgotten(what.from, std::move(what.what), what.under_way));
    if (line) out.push_back(std::move(*line));
    return out;
}

flow_actions write_flow::on(event::link_replied what, time_point now) {
    const ticket to{what.what.id};
    if (auto* answer = std::get_if<write_answer>(&what.what.what)) {
        return translate(router_.answered(to, std::move(*answer), now), now);
    }
    if (auto* gone = std::get_if<wire::forget_result>(&what.what.what)) {
        return translate(search_.replied(to, std::move(*gone)));
    }
    return translate(search_.replied(to, std::move(std::get<wire::find_result>(what.what.what))));
}

flow_actions write_flow::on(event::not_sent what, time_point now) {
    const ticket from{what.what.id};
    if (!std::holds_alternative<wire::submit>(what.what.what)) return translate(search_.not_sent(from));
    tally_.not_forwarded();
    auto back = what.link_is_up ? handed_back(errc::overloaded, "the link to the leader has no room for another write")
                                : handed_back(errc::link_lost, "the link to the leader is down");
    return translate(router_.answered(from, std::move(back), now), now);
}

flow_actions write_flow::time_passed(time_point now) {
    auto out = translate(router_.expire(now), now);
    std::ranges::move(translate(search_.time_passed(now)), std::back_inserter(out));
    return out;
}

// Who leads.

flow_actions write_flow::lead(term its_term, lane_id lane, time_point now) {
    lane_ = lane;
    return translate(router_.leader_here(its_term, now), now);
}

flow_actions write_flow::follow(const link_target& leader, time_point now) {
    return translate(router_.leader_there(leader.term, leader.leader, leader.endpoint, now), now);
}

flow_actions write_flow::wait_for_leader(time_point now) {
    return translate(router_.leader_unknown(now), now);
}

flow_actions write_flow::link_up(link_id link, term its_term, std::size_t window, time_point now) {
    link_ = link;
    return translate(router_.link_up(its_term, window, now), now);
}

flow_actions write_flow::link_down(time_point now) {
    link_.reset();
    return translate(router_.link_down(now), now);
}

flow_actions write_flow::refuse_new(time_point now) {
    return translate(router_.stop(now), now);
}

flow_actions write_flow::give_up(time_point now) {
    lane_.reset();
    auto out = translate(router_.give_up(now), now);
    std::ranges::move(translate(search_.give_up()), std::back_inserter(out));
    return out;
}

std::optional<time_point> write_flow::next_deadline() const {
    const auto writes = router_.next_deadline();
    const auto searches = search_.next_deadline();
    if (!writes || !searches) return writes ? writes : searches;
    return std::min(*writes, *searches);
}

// What the router and the search decided.

flow_actions write_flow::translate(penholder::actions todo, time_point now) {
    flow_actions out;
    out.reserve(todo.size());
    translate(std::move(todo), out, now);
    return out;
}

void write_flow::translate(penholder::actions todo, flow_actions& out, time_point now) {
    while (!todo.empty()) {
        for (auto& one : todo) std::visit([&](auto& what) { translate(what, out, now); }, one);
        todo = std::exchange(more_, {});
    }
}

void write_flow::translate(penholder::apply& what, flow_actions& out, time_point now) {
    if (lane_) {
        out.push_back(action::apply{*lane_, std::move(what.attempt)});
        return;
    }
    auto back = handed_back(errc::not_leader, "the term has ended");
    std::ranges::move(router_.answered(what.attempt.ticket, std::move(back), now), std::back_inserter(more_));
}

void write_flow::translate(penholder::forward& what, flow_actions& out, time_point now) {
    assert(link_);
    auto& one = what.attempt;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(one.deadline - now);
    const auto left_ms = static_cast<std::uint32_t>(std::max<std::int64_t>(left.count(), 1));
    auto id = std::move(one.what).take_id_text();
    wire::submit request{std::move(id), std::move(one.what).take_write(), std::move(one.mark), left_ms, !one.again};
    tally_.forwarded();
    out.push_back(action::send{*link_, {one.ticket.value, std::move(request)}});
}

void write_flow::translate(answer_caller& what, flow_actions& out, time_point now) {
    if (auto line = tally_.answered(what.receipt, now)) out.push_back(std::move(*line));
    out.push_back(action::answer_write{what.ticket, std::move(what.receipt)});
}

void write_flow::translate(follow_hint& what, flow_actions& out, time_point) {
    out.push_back(leader_hinted{std::move(what.hint)});
}

flow_actions write_flow::translate(search_actions todo) {
    flow_actions out;
    out.reserve(todo.size());
    for (auto& one : todo) {
        std::visit([&](auto& what) { out.push_back(std::move(what)); }, one);
    }
    return out;
}

}  // namespace penholder::group
