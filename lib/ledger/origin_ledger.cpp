#include "origin_ledger.hpp"

#include "ledger.pb.h"
#include "model/scratch.hpp"

#include <algorithm>

namespace penholder::ledger {

std::optional<origin_ledger> origin_ledger::from_bytes(const std::string& bytes) {
    stored::Origin stored;
    if (!stored.ParseFromString(bytes)) return std::nullopt;
    origin_ledger made;
    made.known_ = true;
    made.floor_ = stored.floor();
    made.kept_.assign(stored.kept().begin(), stored.kept().end());
    for (auto& answer : *stored.mutable_answers()) {
        made.answers_.emplace(answer.sequence(), std::move(*answer.mutable_receipt()));
    }
    return made;
}

std::string origin_ledger::bytes() const {
    scratch<stored::Origin> stored;
    stored->set_floor(floor_);
    stored->mutable_kept()->Assign(kept_.begin(), kept_.end());
    for (const auto& [sequence, receipt] : answers_) {
        auto& answer = *stored->add_answers();
        answer.set_sequence(sequence);
        answer.set_receipt(receipt);
    }
    return stored->SerializeAsString();
}

origin_ledger::state origin_ledger::look_up(std::uint64_t sequence, const origin_mark& mark) const {
    if (answers_.contains(sequence)) return state::answered;
    const bool kept = std::ranges::binary_search(known_ ? kept_ : mark.kept, sequence);
    const bool never_pruned = kept || sequence >= (known_ ? floor_ : mark.floor);
    return never_pruned ? state::fresh : state::expired;
}

void origin_ledger::absorb(const origin_mark& mark) {
    if (known_ && mark.floor < floor_) return;
    std::vector<std::uint64_t> kept;
    for (const auto sequence : mark.kept) {
        if (!known_ || sequence >= floor_ || is_kept(sequence)) kept.push_back(sequence);
    }
    known_ = true;
    floor_ = mark.floor;
    kept_ = std::move(kept);
    std::ranges::sort(kept_);
    prune();
}

void origin_ledger::add(std::uint64_t sequence, std::string receipt) {
    known_ = true;
    if (sequence >= floor_ || is_kept(sequence)) answers_.emplace(sequence, std::move(receipt));
}

void origin_ledger::prune() {
    const auto end = answers_.lower_bound(floor_);
    for (auto it = answers_.begin(); it != end;) it = is_kept(it->first) ? std::next(it) : answers_.erase(it);
}

bool origin_ledger::is_kept(std::uint64_t sequence) const {
    return std::ranges::binary_search(kept_, sequence);
}

}  // namespace penholder::ledger
