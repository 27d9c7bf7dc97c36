#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

namespace penholder::lane {

/// When a lane's batches begin, by what its COMMITs take. Callers that were just answered often write again at once:
/// where a COMMIT takes long, the next batch waits for them a little; where a COMMIT takes less than the leader's own
/// work for the writes that wait, the next batch is begun behind it. Pure; owned by the applier.
class batch_pacing {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using seconds = std::chrono::duration<double>;

    explicit batch_pacing(std::size_t batch_max_writes) : batch_max_writes_(batch_max_writes) {}

    void on_begin(time_point now) { began_ = now; }

    /// Its COMMIT was sent. Not called for a batch that goes in one round: its COMMIT is most of it.
    void on_closing(time_point now) { closing_began_ = now; }

    /// A batch is over, or the first of two; how long it took.
    time_point::duration on_end(bool committed, time_point now);

    /// So many writes were answered, so many wait and nothing is under way: until when the next batch waits for more,
    /// if it does.
    std::optional<time_point> gather(std::size_t answered, std::size_t waiting, time_point now);

    /// Whether a batch may begin; if so, nothing is waited for any more.
    bool may_begin(std::size_t waiting, time_point now);

    /// Whether a batch behind the COMMIT under way is worth it. It splits what could share one batch as soon as this
    /// COMMIT is answered, and its own COMMIT has to wait for this one; but its writes are sent while the leader deals
    /// with this one's answers. So it pays where a COMMIT takes less than that, and where they fill a batch anyway.
    bool next_batch_pays(std::size_t waiting) const;

private:
    std::size_t batch_max_writes_;
    seconds commit_time_{0};  ///< What the COMMITs of late took, smoothed.
    time_point began_{};
    time_point closing_began_{};
    std::size_t gathering_ = 0;  ///< A batch of so many is worth waiting for,
    time_point gather_until_{};  ///< until then.
};

}  // namespace penholder::lane
