#pragma once

#include <deque>
#include <utility>

namespace penholder::group {

/// The one way in which a shell drives a machine: an event is handled, which tells it to the machine and carries out
/// its actions, and what these bring about at once waits until they all are carried out. Owned by a shell, on its
/// thread.
template <class Event>
class event_queue {
public:
    /// Calls `handle` for the event, and for those that come meanwhile, one after the other in their order.
    template <class Handle>
    void drive(Event what, Handle handle) {
        if (busy_) return waiting_.push_back(std::move(what));
        busy_ = true;
        handle(std::move(what));
        while (!waiting_.empty()) {
            auto next = std::move(waiting_.front());
            waiting_.pop_front();
            handle(std::move(next));
        }
        busy_ = false;
    }

private:
    std::deque<Event> waiting_;
    bool busy_ = false;
};

}  // namespace penholder::group
