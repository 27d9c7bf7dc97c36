#include "receipt_search.hpp"

#include <cassert>
#include <iterator>
#include <utility>

namespace penholder::group {

search_actions receipt_search::find(ticket from, std::string id, const route& where, std::optional<link_id> link,
                                    time_point now) {
    if (!has_database_) {
        return {answer(from, false,
                       error{errc::invalid_argument, "group '" + group_ + "' has no database, so no receipts"})};
    }
    if (std::holds_alternative<route_here>(where)) return find_here(from, false, std::move(id), now);
    if (const auto* there = std::get_if<route_there>(&where)) {
        if (there->linked && link) return find_there(from, std::move(id), *link, now);
        return {answer(from, false, nobody_leads(there->node))};
    }
    return {answer(from, false, nobody_leads(std::get<route_nowhere>(where).last))};
}

search_actions receipt_search::find_for_peer(ticket from, std::string id, const route& where, time_point now) {
    const bool leads = has_database_ && std::holds_alternative<route_here>(where);
    if (leads) return find_here(from, true, std::move(id), now);
    return {answer(from, true, error{errc::not_leader, "this node does not lead now"})};
}

search_actions receipt_search::find_here(ticket from, bool for_peer, std::string id, time_point now) {
    if (reads_ >= most_reads) {
        return {answer(from, for_peer,
                       error{errc::overloaded, std::to_string(reads_) +
                                                   " receipts are being looked for already; ask again a little "
                                                   "later"})};
    }
    ++reads_;
    open_.emplace_hint(
        open_.end(), from,
        searching{for_peer,
                  now + within,
                  {errc::database_unreachable, "the database did not show the ledger in time; ask again"}});
    return {action::read_receipt{from, std::move(id)}};
}

search_actions receipt_search::find_there(ticket from, std::string id, link_id over, time_point now) {
    open_.emplace_hint(
        open_.end(), from,
        searching{false, now + within, {errc::no_leader, "the leader did not answer in time; ask again"}});
    return {action::send{over, {from.value, wire::find{std::move(id)}}}};
}

search_actions receipt_search::read(ticket from, found what) {
    assert(reads_ > 0);
    --reads_;
    return over(from, std::move(what));
}

search_actions receipt_search::replied(ticket from, wire::find_result what) {
    if (what.failed) return over(from, std::move(*what.failed));
    return over(from, std::move(what.found));
}

search_actions receipt_search::not_sent(ticket from) {
    return over(from, error{errc::overloaded, "the link to the leader has no room for another request; ask again"});
}

search_actions receipt_search::over(ticket from, found what) {
    const auto one = open_.extract(from);
    if (!one) return {};
    return {answer(from, one.mapped().for_peer, std::move(what))};
}

search_actions receipt_search::time_passed(time_point now) {
    search_actions out;
    while (!open_.empty() && open_.begin()->second.deadline <= now) {
        auto one = open_.extract(open_.begin());
        out.push_back(answer(one.key(), one.mapped().for_peer, std::move(one.mapped().if_late)));
    }
    return out;
}

std::optional<time_point> receipt_search::next_deadline() const {
    if (open_.empty()) return std::nullopt;
    return open_.begin()->second.deadline;
}

search_actions receipt_search::give_up() {
    search_actions out;
    for (const auto& [from, one] : std::exchange(open_, {})) {
        out.push_back(answer(from, one.for_peer, error{errc::shutting_down, "the node is stopping"}));
    }
    return out;
}

search_action receipt_search::answer(ticket to, bool peer, found what) {
    if (!peer) return action::answer_find{to, std::move(what)};
    if (!what) return action::answer_peer{to, wire::find_result{std::nullopt, what.error(), std::nullopt}};
    return action::answer_peer{to, wire::find_result{std::move(*what), std::nullopt, std::nullopt}};
}

error receipt_search::nobody_leads(const std::string& last) const {
    return {errc::no_leader, "group '" + group_ + "' has no leader now" +
                                 (last.empty() ? std::string() : "; '" + last + "' led last") + "; ask again"};
}

}  // namespace penholder::group
