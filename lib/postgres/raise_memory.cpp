#include "raise_memory.hpp"

#include "base/log_event.hpp"

#include <algorithm>
#include <utility>

namespace penholder::postgres {
namespace {

bool is_comparable(const std::string& database, const known_raise& known) {
    return database.empty() || known.database.empty() || database == known.database;
}

}  // namespace

std::optional<std::string> why_not_written(const std::string& host, const fence_record& seen,
                                           const known_raise& known) {
    if (!is_comparable(seen.database, known)) return std::nullopt;
    if (may_be_written(descent_of(seen.lineage, known.last))) return std::nullopt;
    return refusal(host, seen.lineage, known.last);
}

known_raise raise_memory::known() const {
    const std::scoped_lock lock(mutex_);
    return known_;
}

void raise_memory::expect(const known_raise& shown, bool moved_there) {
    const std::scoped_lock lock(mutex_);
    const bool is_other = !is_comparable(shown.database, known_);
    if (moved_there || is_other || is_newer(shown.last, known_.last)) known_.last = shown.last;
    if (!shown.database.empty()) known_.database = shown.database;
}

void raise_memory::saw(const fence_record& there) {
    const std::scoped_lock lock(mutex_);
    const bool is_groups = !known_.database.empty() && there.database == known_.database;
    if (is_groups && is_newer(there.lineage.last, known_.last)) known_.last = there.lineage.last;
}

void raise_memory::raised(const known_raise& known, const fence_record& before, const fence_record& now) {
    const auto what = descent_of(before.lineage, known.last);
    const auto& since = known.last.is_known() ? known.last : before.lineage.last;
    if (since.is_known() && before.lineage.timeline > since.at.timeline) {
        log_warn("database_failover")
            .with("group", group_)
            .with("node", now.leader)
            .with("term", now.term.value)
            .with("timeline", before.lineage.timeline)
            .with("before", since.at.timeline);
    }
    const bool went_back = lost_the_last_raise(what) && is_comparable(before.database, known);
    if (went_back) {
        log_error("fence_went_back")
            .with("group", group_)
            .with("node", now.leader)
            .with("term", now.term.value)
            .with("raised", to_string(known.last))
            .with("found", to_string(before.lineage.last));
    }
    const std::scoped_lock lock(mutex_);
    if (went_back) ++setbacks_;
    const bool is_other = !is_comparable(now.database, known_);
    if (is_other || is_newer(now.lineage.last, known_.last)) known_ = {now.database, now.lineage.last};
}

void raise_memory::refuse(std::vector<std::string> refusals) {
    const std::scoped_lock lock(mutex_);
    for (const auto& each : refusals) {
        if (std::ranges::find(refused_, each) == refused_.end()) {
            log_warn("host_refused").with("group", group_).with("reason", each);
        }
    }
    refused_ = std::move(refusals);
}

std::vector<std::string> raise_memory::refused() const {
    const std::scoped_lock lock(mutex_);
    return refused_;
}

std::uint64_t raise_memory::setbacks() const {
    const std::scoped_lock lock(mutex_);
    return setbacks_;
}

}  // namespace penholder::postgres
