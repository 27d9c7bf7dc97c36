#include "write_queue.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace penholder::lane {
namespace {

error overloaded(const std::string& why) {
    return {errc::overloaded,
            "the leader has more writes than its database takes: " + why + "; nothing was sent, try again later"};
}

}  // namespace

write_queue::write_queue(const group_options& bounds, std::size_t turn_writes)
    : limits_{.turn_writes = turn_writes,
              .writes = bounds.queue_max_writes,
              .bytes = bounds.queue_max_bytes,
              .time = std::chrono::milliseconds(bounds.queue_time_max_ms)},
      forecast_(turn_writes) {}

std::optional<error> write_queue::full(std::size_t bytes, std::size_t held, std::size_t in_flight) const {
    if (queue_.size() >= limits_.writes) return overloaded(std::to_string(queue_.size()) + " wait");
    if (held > 0 && held + bytes > limits_.bytes) {
        return overloaded("those that wait take " + std::to_string(held) + " bytes");
    }
    if (queue_.size() < limits_.turn_writes) return std::nullopt;
    const auto wait = expected_wait(in_flight);
    const auto at_worst = wait + wait / 8;  // Turns differ.
    if (at_worst <= limits_.time) return std::nullopt;
    return overloaded("one more would be answered in about " + std::to_string(wait.count()) +
                      " ms, queue_time_max_ms is " + std::to_string(limits_.time.count()));
}

std::chrono::milliseconds write_queue::expected_wait(std::size_t in_flight) const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(forecast_.wait(in_flight + queue_.size() + 1));
}

void write_queue::add(queued_write one, time_point now) {
    look_again_for(one, now);
    queue_.push_back(std::move(one));
}

write_queue::turn write_queue::take(time_point now, const look& at, std::size_t most) {
    turn made;
    std::set<std::string> stamped;
    std::set<std::string> new_stamped;
    std::set<std::string> deleted;
    const auto meet = [](const std::vector<std::string>& tables, const std::set<std::string>& others) {
        return std::ranges::any_of(tables, [&](const auto& table) { return others.contains(table); });
    };
    const auto clashes = [&](const queued_write& one) {
        return meet(one.stamped_tables, stamped) || meet(one.stamped_tables, new_stamped) ||
               meet(one.new_stamped_tables, stamped) || meet(one.new_stamped_tables, deleted) ||
               meet(one.deleted_tables, new_stamped);
    };
    for (auto next = queue_.begin(); next != queue_.end() && made.taken.size() < most;) {
        const auto what = next->not_before > now ? fate::pass : at(*next);
        if (what == fate::pass || (what == fate::take && clashes(*next))) {
            ++next;
            continue;
        }
        stamped.insert(next->stamped_tables.begin(), next->stamped_tables.end());
        new_stamped.insert(next->new_stamped_tables.begin(), next->new_stamped_tables.end());
        deleted.insert(next->deleted_tables.begin(), next->deleted_tables.end());
        (what == fate::take ? made.taken : made.left).push_back(std::move(*next));
        next = queue_.erase(next);
    }
    return made;
}

std::size_t write_queue::ready(time_point now, const std::function<bool(const queued_write&)>& fits,
                               std::size_t most) const {
    std::size_t found = 0;
    for (auto next = queue_.begin(); next != queue_.end() && found < most; ++next) {
        if (next->not_before <= now && fits(*next)) ++found;
    }
    return found;
}

void write_queue::requeue(std::vector<queued_write> again, time_point now) {
    for (auto one = again.rbegin(); one != again.rend(); ++one) {
        look_again_for(*one, now);
        queue_.push_front(std::move(*one));
    }
}

void write_queue::note_losses(const std::set<std::string>& ids) {
    if (ids.empty()) return;
    for (auto& one : queue_) {
        if (ids.contains(one.id())) ++one.losses;
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

void write_queue::look_again_for(const queued_write& one, time_point now) {
    due_ = std::min(due_, one.deadline());
    for (const auto end_of_wait : {one.not_before, one.judged_by}) {
        if (end_of_wait > now) due_ = std::min(due_, end_of_wait);
    }
}

}  // namespace penholder::lane
