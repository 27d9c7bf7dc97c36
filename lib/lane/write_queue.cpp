#include "write_queue.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace penholder::lane {
namespace {

error overloaded(const std::string& why) {
    return {errc::overloaded,
            "the leader has more writes than its database takes: " + why + "; nothing was sent, try again later"};
}

}  // namespace

write_queue::write_queue(const group_options& bounds)
    : limits_{.batch_writes = bounds.batch_max_writes,
              .writes = bounds.queue_max_writes,
              .bytes = bounds.queue_max_bytes,
              .time = std::chrono::milliseconds(bounds.queue_time_max_ms)},
      forecast_(bounds.batch_max_writes) {}

std::optional<error> write_queue::full(std::size_t bytes, std::size_t in_flight) const {
    if (queue_.size() >= limits_.writes) return overloaded(std::to_string(queue_.size()) + " wait");
    if (!ids_.empty() && bytes_ + bytes > limits_.bytes) {
        return overloaded("those that wait take " + std::to_string(bytes_) + " bytes");
    }
    if (queue_.size() < limits_.batch_writes) return std::nullopt;
    const auto wait = expected_wait(in_flight);
    const auto at_worst = wait + wait / 8;  // Batches differ.
    if (at_worst <= limits_.time) return std::nullopt;
    return overloaded("one more would be answered in about " + std::to_string(wait.count()) +
                      " ms, queue_time_max_ms is " + std::to_string(limits_.time.count()));
}

std::chrono::milliseconds write_queue::expected_wait(std::size_t in_flight) const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(forecast_.wait(in_flight + queue_.size() + 1));
}

void write_queue::add(queued_write one, time_point now) {
    ids_.insert(one.id());
    bytes_ += one.bytes();
    look_again_for(one, now);
    queue_.push_back(std::move(one));
}

std::vector<queued_write> write_queue::take_batch(time_point now) {
    std::vector<queued_write> taken;
    for (auto at = queue_.begin(); at != queue_.end() && taken.size() < limits_.batch_writes;) {
        if (at->not_before > now) {
            ++at;
            continue;
        }
        if (at->alone && !taken.empty()) break;
        const bool alone = at->alone;
        taken.push_back(std::move(*at));
        at = queue_.erase(at);
        if (alone) break;
    }
    return taken;
}

void write_queue::requeue(std::vector<queued_write> again, time_point now) {
    for (auto one = again.rbegin(); one != again.rend(); ++one) {
        assert(holds(one->id()));
        look_again_for(*one, now);
        queue_.push_front(std::move(*one));
    }
}

std::vector<queued_write> write_queue::take_expired(time_point now) {
    std::vector<queued_write> expired;
    if (now < due_) return expired;
    std::deque<queued_write> rest;
    for (auto& one : queue_) {
        if (one.deadline() > now) {
            rest.push_back(std::move(one));
        } else {
            expired.push_back(std::move(one));
        }
    }
    queue_ = std::move(rest);
    due_ = time_point::max();
    for (const auto& one : queue_) look_again_for(one, now);
    return expired;
}

std::vector<queued_write> write_queue::take_all() {
    std::vector<queued_write> all(std::move_iterator(queue_.begin()), std::move_iterator(queue_.end()));
    queue_.clear();
    return all;
}

void write_queue::release(const queued_write& answered) {
    assert(holds(answered.id()) && bytes_ >= answered.bytes());
    ids_.erase(answered.id());
    bytes_ -= answered.bytes();
}

void write_queue::look_again_for(const queued_write& one, time_point now) {
    const auto when = one.not_before > now ? std::min(one.not_before, one.deadline()) : one.deadline();
    due_ = std::min(due_, when);
}

}  // namespace penholder::lane
