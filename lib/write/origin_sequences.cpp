#include "origin_sequences.hpp"

#include <algorithm>
#include <iterator>

namespace penholder {

std::uint64_t origin_sequences::next() {
    open_.push_back(true);
    ++open_count_;
    move_stragglers();
    return next_++;
}

void origin_sequences::settled(std::uint64_t sequence) {
    if (sequence < floor_) {
        stragglers_.erase(sequence);
        return;
    }
    const auto index = static_cast<std::size_t>(sequence - floor_);
    if (index >= open_.size() || !open_[index]) return;
    open_[index] = false;
    --open_count_;
    close_front();
}

void origin_sequences::unknown(std::uint64_t sequence, time_point now) {
    settled(sequence);
    unknown_.insert_or_assign(sequence, now);
    if (unknown_.size() <= max_unknown) return;
    unknown_.erase(std::ranges::min_element(unknown_, {}, [](const auto& kept) { return kept.second; }));
}

bool origin_sequences::reopen(std::uint64_t sequence, time_point now) {
    forget_old(now);
    if (unknown_.erase(sequence) == 0) return false;
    if (sequence < floor_) {
        stragglers_.insert(sequence);
    } else {
        open_[static_cast<std::size_t>(sequence - floor_)] = true;
        ++open_count_;
    }
    return true;
}

origin_mark origin_sequences::mark(time_point now) {
    forget_old(now);
    origin_mark made{floor_, {}};
    if (stragglers_.empty() && unknown_.empty()) return made;
    made.kept.assign(stragglers_.begin(), stragglers_.end());
    for (const auto& [sequence, since] : unknown_) {
        if (sequence < floor_) made.kept.push_back(sequence);
    }
    std::ranges::sort(made.kept);
    return made;
}

void origin_sequences::close_front() {
    while (!open_.empty() && !open_.front()) {
        open_.pop_front();
        ++floor_;
    }
}

// A few writes that wait long must not make the ledger keep the answers of all that came after them.
void origin_sequences::move_stragglers() {
    while (stragglers_.size() < max_stragglers && open_.size() > window_slack + 4 * open_count_) {
        stragglers_.insert(floor_);
        open_.front() = false;
        --open_count_;
        close_front();
    }
}

void origin_sequences::forget_old(time_point now) {
    if (!unknown_.empty()) std::erase_if(unknown_, [&](const auto& kept) { return now - kept.second > keep_unknown_; });
}

}  // namespace penholder
