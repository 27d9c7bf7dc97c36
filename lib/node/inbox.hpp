#pragma once

#include <mutex>
#include <utility>
#include <vector>

namespace penholder {

/// What other threads bring to the strand. Many items that come at once cost the strand one turn, not one each.
template <class Item>
class inbox {
public:
    /// From any thread. True where nobody is on the way to take it: the caller then has to post a `take`.
    bool put(Item one) {
        const std::lock_guard lock(mutex_);
        items_.push_back(std::move(one));
        return !std::exchange(awaited_, true);
    }

    /// Everything that has come since the last `take`, in order.
    std::vector<Item> take() {
        const std::lock_guard lock(mutex_);
        awaited_ = false;
        return std::exchange(items_, {});
    }

private:
    std::mutex mutex_;
    std::vector<Item> items_;
    bool awaited_ = false;
};

}  // namespace penholder
