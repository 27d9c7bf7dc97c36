#include "ledger_check.hpp"

#include "ledger/receipt_bytes.hpp"

#include <algorithm>

namespace penholder::lane {
namespace {

/// One that the cache does not hold yet is an origin of which the database keeps nothing.
ledger::origin_ledger& state_of(origin_cache& origins, std::string_view origin) {
    const auto found = origins.find(origin);
    return found != origins.end() ? found->second : origins[std::string(origin)];
}

write_answer unreadable(const std::string& id) {
    return undecided(write_verdict::in_doubt,
                     {errc::outcome_unknown, "the ledger's answer for '" + id + "' cannot be read"});
}

}  // namespace

bool ledger_check::asks_for_origin(const queued_write& one) const {
    if (one.given() == nullptr || origins_->contains(one.given()->origin())) return false;
    return by_ == by::lane || one.may_be_decided();
}

bool ledger_check::needs_look_up(const batch_writes& all) const {
    for (std::size_t index = 0; index < all.size(); ++index) {
        const auto& one = all.write(index);
        if (one.may_be_decided() || asks_for_origin(one)) return true;
    }
    return false;
}

command ledger_check::look_up(const batch_settings& settings, const batch_writes& all) const {
    std::vector<std::string> keys;
    std::vector<std::string> unknown;
    for (std::size_t index = 0; index < all.size(); ++index) {
        const auto& one = all.write(index);
        if (one.may_be_decided()) keys.push_back(one.id());
        if (asks_for_origin(one)) unknown.emplace_back(one.given()->origin());
    }
    std::ranges::sort(unknown);
    unknown.erase(std::ranges::unique(unknown).begin(), unknown.end());
    return lane::look_up(settings, keys, unknown);
}

void ledger_check::absorb(const reply& found) {
    for (const auto& row : found.result.rows) {
        const auto& id = row.at(1).value();
        if (row.at(0) == "k") {
            keys_[id] = {row.at(2).value_or(""), row.at(3).value_or("")};
        } else if (auto state = ledger::origin_ledger::from_bytes(row.at(3).value_or(""))) {
            origins_->insert_or_assign(id, std::move(*state));
        }
    }
}

void ledger_check::settle_known(const batch_settings& settings, batch_writes& all) {
    for (std::size_t index = 0; index < all.size(); ++index) {
        const auto& one = all.write(index);
        if (settle_by_key(settings, index, all) || one.given() == nullptr) continue;
        if (by_ == by::lane || one.may_be_decided()) settle_given(index, all);
    }
}

bool ledger_check::settle_by_key(const batch_settings& settings, std::size_t index, batch_writes& all) const {
    const auto& one = all.write(index);
    const auto found = keys_.find(one.id());
    if (found == keys_.end()) return false;
    const auto& [print, bytes] = found->second;
    if (print != one.fingerprint) {
        reason why{
            errc::key_reused, "the key '" + one.id() + "' was used before for another write; choose a new key", {}, {}};
        receipt reused{one.id(), outcome::rejected, settings.held.value, 0, false, {}, std::move(why)};
        all.settle(index, decided(std::move(reused)));
        return true;
    }
    auto kept = ledger::replayed_receipt(one.id(), bytes);
    all.settle(index, kept ? decided(std::move(*kept)) : unreadable(one.id()));
    return true;
}

void ledger_check::settle_given(std::size_t index, batch_writes& all) {
    const auto& one = all.write(index);
    const auto sequence = one.given()->sequence();
    const auto& known = state_of(*origins_, one.given()->origin());
    switch (known.look_up(sequence, one.taken.mark)) {
        case ledger::origin_ledger::state::fresh: return;
        case ledger::origin_ledger::state::expired:
            return all.settle(
                index, undecided(write_verdict::in_doubt,
                                 {errc::receipt_expired, "the ledger no longer keeps the answer to " + one.id()}));
        case ledger::origin_ledger::state::answered: break;
    }
    auto kept = ledger::replayed_receipt(one.id(), known.answer(sequence));
    all.settle(index, kept ? decided(std::move(*kept)) : unreadable(one.id()));
}

/// The marks are absorbed first: nobody asks again below a floor.
std::optional<command> ledger_check::record(const batch_settings& settings, batch_writes& all) {
    ledger_rows rows;
    staged_.clear();
    for (std::size_t index = 0; index < all.size(); ++index) {
        const auto state = all.of(index).state;
        if (state != write_state::executed && state != write_state::rejected) continue;
        auto bytes = ledger::to_bytes(all.make_receipt(index, settings.held));
        const auto& one = all.write(index);
        if (const auto* given = by_ == by::lane ? one.given() : nullptr) {
            auto& kept = staged(given->origin());
            kept.absorb(one.taken.mark);
            kept.add(given->sequence(), std::move(bytes));
        } else {
            rows.keys.push_back(one.id());
            rows.fingerprints.push_back(one.fingerprint);
            rows.receipts.push_back(std::move(bytes));
        }
    }
    for (const auto& [origin, state] : staged_) {
        rows.origins.push_back(origin);
        rows.states.push_back(state.bytes());
    }
    return rows.empty() ? std::nullopt : std::optional(lane::record(settings, rows));
}

ledger::origin_ledger& ledger_check::staged(std::string_view origin) {
    const auto found = staged_.find(origin);
    if (found != staged_.end()) return found->second;
    return staged_.emplace(origin, state_of(*origins_, origin)).first->second;
}

void ledger_check::on_committed() {
    for (auto& [origin, state] : staged_) origins_->insert_or_assign(origin, std::move(state));
    staged_.clear();
}

}  // namespace penholder::lane
