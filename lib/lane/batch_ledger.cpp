// The batch's dealings with the ledger: what it already answers, and what is added to it.
#include "base/mutation.hpp"
#include "batch.hpp"
#include "batch_rows.hpp"
#include "binary.hpp"
#include "ledger/receipt_bytes.hpp"

namespace penholder::lane {
namespace {

/// One that the cache does not hold yet is an origin of which the database keeps nothing.
ledger::origin_ledger& state_of(origin_cache& origins, std::string_view origin) {
    const auto found = origins.find(origin);
    return found != origins.end() ? found->second : origins[std::string(origin)];
}

}  // namespace

bool batch::needs_look_up() const {
    return !looked_up_ && std::ranges::any_of(writes_, [this](const auto& one) {
        return !one.given() || !origins_.contains(one.given()->origin());
    });
}

void batch::push_look_up() {
    std::vector<std::string> keys;
    std::vector<std::string> unknown;
    for (const auto& one : writes_) {
        if (!one.given()) {
            keys.push_back(one.id());
        } else if (!origins_.contains(one.given()->origin())) {
            unknown.emplace_back(one.given()->origin());
        }
    }
    std::ranges::sort(unknown);
    unknown.erase(std::ranges::unique(unknown).begin(), unknown.end());
    push(purpose::look_up, {.sql = "SELECT kind, id, fingerprint, content "
                                   "FROM penholder.look_up($1::text, $2::text[], $3::text[])",
                            .params = {settings_.group, text_array_bytes(keys), text_array_bytes(unknown)},
                            .binary = true});
}

void batch::absorb_look_up(const reply& found) {
    looked_up_ = true;
    for (const auto& row : found.result.rows) {
        const auto& id = row.at(1).value();
        if (row.at(0) == "k") {
            keys_[id] = {row.at(2).value_or(""), row.at(3).value_or("")};
        } else if (auto state = ledger::origin_ledger::from_bytes(row.at(3).value_or(""))) {
            origins_.insert_or_assign(id, std::move(*state));
        }
    }
}

void batch::judge_all() {
    for (std::size_t index = 0; index < writes_.size(); ++index) judge(index);
}

void batch::judge(std::size_t index) {
    if (mutated(mutation::ledger_skipped_on_retry) && writes_[index].doubtful) return;
    if (writes_[index].given()) {
        judge_given(index);
    } else {
        judge_keyed(index);
    }
}

void batch::judge_keyed(std::size_t index) {
    const auto& one = writes_[index];
    const auto found = keys_.find(one.id());
    if (found == keys_.end()) return;
    const auto& [print, bytes] = found->second;
    if (print != one.fingerprint) {
        fates_[index].why = reason{
            errc::key_reused, "the key '" + one.id() + "' was used before for another write; choose a new key", {}, {}};
        receipt reused{one.id(), outcome::rejected, settings_.held.value, 0, false, {}, fates_[index].why};
        return settle(index, decided(std::move(reused)));
    }
    if (auto kept = ledger::replayed_receipt(one.id(), bytes)) {
        return settle(index, decided(std::move(*kept)));
    }
    settle(index, undecided(write_verdict::in_doubt,
                            {errc::outcome_unknown, "the ledger's answer for '" + one.id() + "' cannot be read"}));
}

void batch::judge_given(std::size_t index) {
    const auto& one = writes_[index];
    const auto& state = state_of(origins_, one.given()->origin());
    switch (state.look_up(one.given()->sequence(), one.taken.mark)) {
        case ledger::origin_ledger::standing::fresh: return;
        case ledger::origin_ledger::standing::expired:
            return settle(index,
                          undecided(write_verdict::in_doubt,
                                    {errc::receipt_expired, "the ledger no longer keeps the answer to " + one.id()}));
        case ledger::origin_ledger::standing::answered: break;
    }
    if (auto kept = ledger::replayed_receipt(one.id(), state.answer(one.given()->sequence()))) {
        return settle(index, decided(std::move(*kept)));
    }
    settle(index, undecided(write_verdict::in_doubt,
                            {errc::outcome_unknown, "the ledger's answer for " + one.id() + " cannot be read"}));
}

/// Answers of this batch, by key and by origin. The marks are absorbed first: nobody asks again below a floor.
batch::ledger_rows batch::rows_to_record() {
    ledger_rows rows;
    staged_.clear();
    for (std::size_t index = 0; index < writes_.size(); ++index) {
        if (fates_[index].stage != stage::executed && fates_[index].stage != stage::rejected) continue;
        const auto& one = writes_[index];
        fates_[index].recorded = make_receipt(index);
        auto bytes = ledger::to_bytes(fates_[index].recorded);
        if (!one.given()) {
            rows.keys.push_back(one.id());
            rows.fingerprints.push_back(one.fingerprint);
            rows.receipts.push_back(std::move(bytes));
            continue;
        }
        const auto origin = one.given()->origin();
        auto staged = staged_.find(origin);
        if (staged == staged_.end()) staged = staged_.emplace(origin, state_of(origins_, origin)).first;
        auto& state = staged->second;
        state.absorb(one.taken.mark);
        state.add(one.given()->sequence(), std::move(bytes));
    }
    for (const auto& [origin, state] : staged_) {
        rows.origins.push_back(origin);
        rows.states.push_back(state.bytes());
    }
    return rows;
}

}  // namespace penholder::lane
