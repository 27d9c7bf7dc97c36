#include "plain_shapes.hpp"

#include <algorithm>
#include <cassert>
#include <functional>
#include <utility>

namespace penholder::lane {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_shapes = 4096;
constexpr std::size_t most_bytes = 16 * 1024 * 1024;
constexpr std::size_t longest_shape = 64 * 1024;
constexpr std::size_t most_questions = 16;
constexpr auto pause_after_failure = 1s;

/// One shape may hold the lane up for so much of this time, or it takes sessions for a while.
constexpr auto hold_up_window = 1s;
constexpr auto most_hold_up = 100ms;
constexpr auto time_apart = 3s;

constexpr std::size_t failures_to_judge_by = 8;

plain_shapes::found to_session(std::string why) {
    return {plain_shapes::way::session, std::move(why), {}, {}};
}

}  // namespace

plain_shapes::found plain_shapes::look_at(const checked_write& what, time_point now) {
    found all;
    const auto& statements = what.statements();
    assert(what.shapes().size() == statements.size());
    for (std::size_t at = 0; at < statements.size(); ++at) {
        auto one = look_at_statement(what.shapes()[at], statements[at], now);
        std::ranges::move(one.stamped_tables, std::back_inserter(all.stamped_tables));
        std::ranges::move(one.new_stamped_tables, std::back_inserter(all.new_stamped_tables));
        std::ranges::move(one.deleted_tables, std::back_inserter(all.deleted_tables));
        const bool decides = one.where == way::session || (one.where == way::unknown && all.where == way::lane);
        if (!decides || all.where == way::session) continue;
        all.where = one.where;
        all.why_not = std::move(one.why_not);
    }
    // A row that it deletes and inserts anew is a changed one.
    for (const auto& table : all.deleted_tables) {
        if (std::ranges::find(all.new_stamped_tables, table) != all.new_stamped_tables.end()) {
            all.stamped_tables.push_back(table);
        }
    }
    return all;
}

plain_shapes::found plain_shapes::look_at_statement(const std::string& shape, const statement& one, time_point now) {
    if (shape.empty()) return to_session("not_plain_by_its_text");
    if (shape.size() > longest_shape) return to_session("too_long_to_judge");
    if (stamp_ && !*stamp_) return to_session("no_catalogue_stamp");
    const auto noted = notes_.find(shape);
    const bool is_known = noted != notes_.end() && noted->second.known.has_value();
    if (!is_known) {
        if (noted != notes_.end() && noted->second.ask_again > now) return to_session("judging_failed");
        ask(shape, one);
        return {way::unknown, "not_judged_yet", {}, {}};
    }
    const auto& entry = noted->second;
    if (!stamp_) return {way::unknown, "catalogue_changed", {}, {}};
    assert(entry.known->as_of == *stamp_);
    const auto& plainness = entry.known->plainness;
    if (!plainness.plain) return to_session(plainness.why_not);
    if (entry.apart_until > now) return to_session(entry.apart_for);
    return {way::lane, {}, plainness.stamped_tables, plainness.new_stamped_tables, plainness.deleted_tables};
}

void plain_shapes::ask(const std::string& shape, const statement& one) {
    if (asked_.size() >= most_questions || !asked_.insert(shape).second) return;
    out_.push(action::judge{shape, one.sql()});
}

sql::residue plain_shapes::leaves(const checked_write& what) const {
    auto all = sql::residue::nothing;
    for (const auto& shape : what.shapes()) {
        const auto noted = notes_.find(shape);
        if (noted == notes_.end() || !noted->second.known) return sql::residue::unclean;
        all = std::max(all, noted->second.known->plainness.leaves);
    }
    return all;
}

bool plain_shapes::seen(sql::catalogue_stamp by_lane) {
    const bool same = stamp_ == by_lane;
    const bool changed = stamp_.has_value() && !same;
    stamp_ = by_lane;
    if (same) return true;
    // What was judged since the last one was dropped may be true already.
    for (auto& [shape, entry] : notes_) {
        if (entry.known && entry.known->as_of != by_lane) entry.known.reset();
    }
    ++generation_;
    return !changed;
}

void plain_shapes::drop() {
    stamp_.reset();
    for (auto& [shape, entry] : notes_) entry.known.reset();
    ++generation_;
}

bool plain_shapes::judged(const std::string& shape, result<sql::judgement> what, time_point now) {
    asked_.erase(shape);
    if (!what) {
        note_of(shape).ask_again = now + pause_after_failure;
        return true;
    }
    const bool is_current = !stamp_ || what->as_of == *stamp_;
    const bool is_old = !is_current && what->as_of && what->as_of.value < stamp_->value;
    if (is_old) return true;
    if (!is_current) drop();
    if (!what->plainness.plain) tell(shape, what->plainness);
    auto& entry = note_of(shape);
    entry.known = std::move(*what);
    entry.ask_again = {};
    return is_current;
}

void plain_shapes::held_up(const std::string& shape, std::chrono::milliseconds lane, time_point now) {
    const auto noted = notes_.find(shape);
    if (noted == notes_.end()) return;
    auto& entry = noted->second;
    if (now - entry.held_up_since > hold_up_window) {
        entry.held_up_since = now;
        entry.held_up = 0ms;
    }
    entry.held_up += lane;
    if (entry.held_up <= most_hold_up) return;
    set_apart(entry, "held_the_lane_up", now);
}

void plain_shapes::failed(const std::string& shape, std::size_t failures, std::size_t others, time_point now) {
    const auto noted = notes_.find(shape);
    if (noted == notes_.end()) return;
    auto& entry = noted->second;
    entry.failures += failures;
    entry.successes += others;
    if (entry.failures < failures_to_judge_by) return;
    if (entry.failures > entry.successes) set_apart(entry, "fails_in_batches", now);
    entry.failures = entry.successes = 0;
}

void plain_shapes::returned_much(const std::string& shape, time_point now) {
    if (const auto noted = notes_.find(shape); noted != notes_.end()) set_apart(noted->second, "returns_much", now);
}

void plain_shapes::had_answer(const checked_write& what, bool large) {
    for (const auto& shape : what.shapes()) {
        if (const auto noted = notes_.find(shape); noted != notes_.end()) noted->second.large_answer = large;
    }
}

bool plain_shapes::may_have_large_answer(const checked_write& what) const {
    return std::ranges::any_of(what.shapes(), [&](const auto& shape) {
        const auto noted = notes_.find(shape);
        return noted != notes_.end() && noted->second.large_answer;
    });
}

void plain_shapes::set_apart(note& which, const char* why, time_point now) {
    if (which.apart_until <= now) ++generation_;  // Else none of them was told to take the lane.
    which.apart_until = now + time_apart;
    which.apart_for = why;
}

plain_shapes::note& plain_shapes::note_of(const std::string& shape) {
    if (const auto noted = notes_.find(shape); noted != notes_.end()) return noted->second;
    while (!order_.empty() && (order_.size() >= most_shapes || bytes_ + shape.size() > most_bytes)) {
        bytes_ -= order_.front().size();
        notes_.erase(order_.front());
        order_.pop_front();
        ++generation_;
    }
    order_.push_back(shape);
    bytes_ += shape.size();
    return notes_[shape];
}

void plain_shapes::tell(const std::string& shape, const sql::plainness& what) {
    if (told_.size() >= most_shapes) told_.clear();
    if (told_.insert(std::hash<std::string>()(shape)).second) {
        out_.push(action::not_plain{shape, what.why_not, what.detail});
    }
}

}  // namespace penholder::lane
