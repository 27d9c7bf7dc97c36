#include "pending.hpp"

#include <algorithm>

namespace penholder {

pending_write& pending_table::add(pending_write one) {
    const auto from = one.from;
    bytes_ += one.what.bytes();
    auto& added = writes_.emplace_hint(writes_.end(), from, std::move(one))->second;
    ids_.emplace(added.id(), from);
    added.due = added.deadline;
    due_.emplace_hint(due_.end(), added.due, from);
    ready_.insert(ready_.end(), from);
    return added;
}

pending_write* pending_table::find(ticket which) noexcept {
    const auto found = writes_.find(which);
    return found == writes_.end() ? nullptr : &found->second;
}

void pending_table::erase(pending_write& one) {
    const auto from = one.from;
    bytes_ -= one.what.bytes();
    leave_place(one);
    due_.erase({one.due, from});
    ids_.erase(one.id());
    writes_.erase(from);
}

void pending_table::rename(pending_write& one, write_id id) {
    ids_.erase(one.id());
    one.what.rename(std::move(id));
    ids_.emplace(one.id(), one.from);
}

void pending_table::sent(pending_write& one, pending_write::place where) {
    auto entry = leave_place(one);
    one.at = where;
    if (where != pending_write::place::link) return;
    if (!entry) return void(on_link_.insert(on_link_.end(), one.from));
    on_link_.insert(on_link_.end(), std::move(entry));
}

void pending_table::make_ready(pending_write& one) {
    leave_place(one);
    one.at = pending_write::place::waiting;
    ready_.insert(one.from);
    look_again(one, one.deadline);
}

void pending_table::delay(pending_write& one, time_point until) {
    leave_place(one);
    one.at = pending_write::place::waiting;
    delayed_.insert(one.from);
    look_again(one, std::min(until, one.deadline));
}

void pending_table::wake_delayed() {
    while (!delayed_.empty()) make_ready(*find(*delayed_.begin()));
}

void pending_table::look_again(pending_write& one, time_point when) {
    if (one.due == when) return;
    auto entry = due_.extract({one.due, one.from});
    one.due = when;
    entry.value().first = when;
    due_.insert(std::move(entry));
}

pending_write* pending_table::first_ready() noexcept {
    return ready_.empty() ? nullptr : find(*ready_.begin());
}

pending_write* pending_table::first_due(time_point now) noexcept {
    return due_.empty() || due_.begin()->first > now ? nullptr : find(due_.begin()->second);
}

std::optional<pending_table::time_point> pending_table::next_due() const {
    return due_.empty() ? std::nullopt : std::optional(due_.begin()->first);
}

std::vector<ticket> pending_table::on_link() const {
    return {on_link_.begin(), on_link_.end()};
}

std::vector<ticket> pending_table::waiting() const {
    std::vector<ticket> found;
    for (const auto& [from, one] : writes_) {
        if (one.at == pending_write::place::waiting) found.push_back(from);
    }
    return found;
}

std::vector<ticket> pending_table::everything() const {
    std::vector<ticket> found;
    found.reserve(writes_.size());
    for (const auto& [from, one] : writes_) found.push_back(from);
    return found;
}

pending_table::set_entry pending_table::leave_place(const pending_write& one) {
    if (one.at == pending_write::place::link) return on_link_.extract(one.from);
    if (one.at == pending_write::place::lane) return {};
    auto left = ready_.extract(one.from);
    return left ? std::move(left) : delayed_.extract(one.from);
}

}  // namespace penholder
