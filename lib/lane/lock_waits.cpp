#include "lock_waits.hpp"

#include <utility>

namespace penholder::lane {
namespace {

constexpr std::chrono::seconds told_again{10};
constexpr std::size_t most_told = 256;

}  // namespace

void lock_waits::ask(const session& on) {
    if (on.is_running()) out_.push(action::find_lock_holder{on.id, on.round});
}

void lock_waits::found(session& on, std::uint64_t asked_at, std::optional<lock_holder> by, time_point now) {
    if (!on.is_running() || on.round != asked_at) return;
    auto& one = on.run->write();
    const bool is_new = by && (!one.waits_for || one.waits_for->pid != by->pid);
    one.waits_for = std::move(by);
    if (!is_new) return;
    ++counters_.lock_waits;
    if (is_news(one.waits_for->pid, now)) out_.push(action::lock_wait{one.id(), *one.waits_for, one.trace_id()});
}

bool lock_waits::is_news(int pid, time_point now) {
    const auto known = told_.find(pid);
    if (known != told_.end() && now - known->second < told_again) return false;
    if (told_.size() >= most_told) told_.clear();
    told_[pid] = now;
    return true;
}

std::vector<lock_wait> lock_waits::of(std::span<const session> sessions) {
    std::vector<lock_wait> made;
    for (const auto& on : sessions) {
        if (!on.is_running() || !on.run->write().waits_for) continue;
        const auto& whom = *on.run->write().waits_for;
        made.push_back({on.run->write().id(), whom.pid, whom.application, whom.user, whom.state});
    }
    return made;
}

}  // namespace penholder::lane
