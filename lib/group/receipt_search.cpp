#include "receipt_search.hpp"

#include "write/receipts.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace penholder::group {
namespace {

error in_flight() {
    return {errc::in_flight, "the write is in flight: what becomes of it is not decided; nothing was forgotten"};
}

/// Whom the database refuses is this node, whoever asks: no caller's token helps.
receipt_search::found of_database(receipt_search::found what) {
    if (what || what.error().code != errc::unauthorized) return what;
    error why = what.error();
    why.code = errc::database_unreachable;
    return why;
}

}  // namespace

search_actions receipt_search::find(question what, const route& where, std::optional<link_id> link, time_point now) {
    if (!has_database_) {
        return {answer(std::move(what), false,
                       error{errc::invalid_argument, "group '" + group_ + "' has no database, so no receipts"})};
    }
    if (what.forgotten_by && what.under_way) return {answer(std::move(what), false, in_flight())};
    if (const auto* here = std::get_if<route_here>(&where)) return find_here(std::move(what), here->term, false, now);
    if (const auto* there = std::get_if<route_there>(&where)) {
        if (there->linked && link) return find_there(std::move(what), *link, now);
        return {nobody_leads(std::move(what), there->node)};
    }
    return {nobody_leads(std::move(what), std::get<route_nowhere>(where).last)};
}

search_actions receipt_search::find_for_peer(question what, const route& where, time_point now) {
    const auto* here = std::get_if<route_here>(&where);
    if (!has_database_ || here == nullptr) {
        return {answer(std::move(what), true, error{errc::not_leader, "this node does not lead now"})};
    }
    if (what.forgotten_by && what.under_way) return {answer(std::move(what), true, in_flight())};
    return find_here(std::move(what), here->term, true, now);
}

search_actions receipt_search::find_here(question what, term held, bool for_peer, time_point now) {
    if (reads_ >= most_reads) {
        return {answer(std::move(what), for_peer,
                       error{errc::overloaded, std::to_string(reads_) +
                                                   " receipts are being looked for already; ask again a little "
                                                   "later"})};
    }
    ++reads_;
    open(what, for_peer, {errc::database_unreachable, "the database did not show the ledger in time; ask again"}, now);
    if (what.forgotten_by) {
        return {action::forget_key{what.from, held, std::move(what.id), std::move(*what.forgotten_by)}};
    }
    return {action::read_receipt{what.from, std::move(what.id)}};
}

search_actions receipt_search::find_there(question what, link_id over, time_point now) {
    open(what, false, {errc::no_leader, "the leader did not answer in time; ask again"}, now);
    if (what.forgotten_by) {
        return {action::send{over, {what.from.value, wire::forget{std::move(what.id), std::move(*what.forgotten_by)}}}};
    }
    return {action::send{over, {what.from.value, wire::find{std::move(what.id)}}}};
}

/// What is to be forgotten may be forgotten after all when nobody waits for it any more.
void receipt_search::open(const question& what, bool for_peer, error if_late, time_point now) {
    if (what.forgotten_by) if_late = {errc::in_progress, "no answer in time: the key may be forgotten yet; ask again"};
    open_.emplace_hint(
        open_.end(), what.from,
        searching{what.id, what.under_way, what.forgotten_by, for_peer, now + within, std::move(if_late)});
}

search_actions receipt_search::read(ticket from, found what, bool under_way) {
    assert(reads_ > 0);
    --reads_;
    if (const auto one = open_.find(from); one != open_.end()) one->second.under_way |= under_way;
    return over(from, of_database(std::move(what)));
}

search_actions receipt_search::replied(ticket from, wire::find_result what) {
    if (what.failed) return over(from, std::move(*what.failed));
    return over(from, std::move(what.found));
}

search_actions receipt_search::forgotten(ticket from, found what, bool under_way) {
    assert(reads_ > 0);
    --reads_;
    if (under_way) what = in_flight();
    return over(from, of_database(std::move(what)));
}

search_actions receipt_search::replied(ticket from, wire::forget_result what) {
    if (what.failed) return over(from, std::move(*what.failed));
    return over(from, std::move(what.forgotten));
}

search_actions receipt_search::not_sent(ticket from) {
    return over(from, error{errc::overloaded, "the link to the leader has no room for another request; ask again"});
}

search_actions receipt_search::over(ticket from, found what) {
    auto one = open_.extract(from);
    if (!one) return {};
    auto& asked = one.mapped();
    question back{from, std::move(asked.id), asked.under_way, std::move(asked.forgotten_by)};
    return {answer(std::move(back), asked.for_peer, std::move(what))};
}

search_actions receipt_search::time_passed(time_point now) {
    search_actions out;
    while (!open_.empty() && open_.begin()->second.deadline <= now) {
        auto late = std::move(open_.begin()->second.if_late);
        std::ranges::move(over(open_.begin()->first, std::move(late)), std::back_inserter(out));
    }
    return out;
}

std::optional<time_point> receipt_search::next_deadline() const {
    if (open_.empty()) return std::nullopt;
    return open_.begin()->second.deadline;
}

/// Writes are given up with it: none is in flight any more.
search_actions receipt_search::give_up() {
    search_actions out;
    while (!open_.empty()) {
        open_.begin()->second.under_way = false;
        std::ranges::move(over(open_.begin()->first, error{errc::shutting_down, "the node is stopping"}),
                          std::back_inserter(out));
    }
    return out;
}

/// That the ledger has nothing, or cannot be asked, is no answer while the write itself is under way.
search_action receipt_search::answer(question asked, bool peer, found what) {
    const bool shown = what && *what;
    if (!shown && asked.under_way && !asked.forgotten_by) {
        what = unknown_receipt(std::move(asked.id), errc::in_flight,
                               "the write is in flight: it waits or is being applied at this moment; ask again");
    }
    if (!peer) return action::answer_find{asked.from, std::move(what)};
    auto failed = what ? std::optional<error>() : what.error();
    auto receipt = what ? std::move(*what) : std::nullopt;
    if (asked.forgotten_by) {
        return action::answer_peer{asked.from, wire::forget_result{std::move(receipt), std::move(failed)}};
    }
    return action::answer_peer{asked.from, wire::find_result{std::move(receipt), std::move(failed), std::nullopt}};
}

search_action receipt_search::nobody_leads(question asked, const std::string& last) const {
    return answer(
        std::move(asked), false,
        error{errc::no_leader, "group '" + group_ + "' has no leader now" +
                                   (last.empty() ? std::string() : "; '" + last + "' led last") + "; ask again"});
}

}  // namespace penholder::group
