#include "batch_pacing.hpp"

#include <algorithm>
#include <utility>

namespace penholder::lane {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t enough_for_next_batch = 32;

/// About what the leader and its followers do for a write between its answer and the next one's place in the queue.
constexpr auto work_for_a_write = 12us;
constexpr auto slow_commit = 1ms;

batch_pacing::seconds work_for(std::size_t writes) {
    return static_cast<double>(writes) * batch_pacing::seconds(work_for_a_write);
}

}  // namespace

batch_pacing::time_point::duration batch_pacing::on_end(bool committed, time_point now) {
    const auto closing = std::exchange(closing_began_, time_point());
    if (committed) commit_time_ += (seconds(now - std::max(closing, began_)) - commit_time_) / 8;
    return now - std::exchange(began_, now);
}

std::optional<batch_pacing::time_point> batch_pacing::gather(std::size_t answered, std::size_t waiting,
                                                             time_point now) {
    const auto both = waiting + answered;
    gathering_ = 0;
    if (waiting >= batch_max_writes_) return std::nullopt;
    if (commit_time_ < slow_commit || commit_time_ < work_for(both)) return std::nullopt;
    gathering_ = std::min(both, batch_max_writes_);
    gather_until_ = now + std::chrono::duration_cast<time_point::duration>(commit_time_ / 4);
    return gather_until_;
}

bool batch_pacing::may_begin(std::size_t waiting, time_point now) {
    if (now < gather_until_ && waiting < gathering_) return false;
    gathering_ = 0;
    return true;
}

bool batch_pacing::next_batch_pays(std::size_t waiting) const {
    if (waiting >= batch_max_writes_) return true;
    return waiting >= enough_for_next_batch && commit_time_ < work_for(waiting);
}

}  // namespace penholder::lane
