#include "intake.hpp"

#include <cassert>
#include <utility>

namespace penholder::lane {
namespace {

constexpr std::size_t most_doubts = 4096;

/// Words for why a write is not plain; each is a metric.
constexpr std::size_t most_words = 64;

write_answer in_doubt(const queued_write& one) {
    return undecided(write_verdict::in_doubt, {errc::outcome_unknown,
                                               "an earlier attempt may have decided it, and nothing proves how" +
                                                   one.trouble_text() + "; ask again with the write id " + one.id(),
                                               one.trouble.sqlstate});
}

}  // namespace

void intake::take(const queued_write& one) {
    assert(!holds(one.id()));
    ids_.insert(one.id());
    bytes_ += one.bytes();
}

bool intake::left_in_doubt(const queued_write& one) const {
    return doubts_.contains(one.id()) || (forgot_doubts_ && one.given() != nullptr && one.taken.again);
}

void intake::refuse(const lane_write& what, write_verdict verdict, error why) {
    if (why.code == errc::overloaded) ++counters_.overloaded;
    out_.answer(what.ticket, undecided(verdict, std::move(why)));
}

void intake::answer(queued_write& one, write_answer given) {
    assert(holds(one.id()) && bytes_ >= one.bytes());
    ids_.erase(one.id());
    bytes_ -= one.bytes();
    if (given.verdict == write_verdict::handed_back && one.doubtful) {
        given = in_doubt(one);
    }
    note_doubt(one.id(), given.verdict);
    const bool is_first = given.verdict == write_verdict::decided && !std::exchange(has_decided_, true);
    if (is_first) out_.push(action::first_commit{});
    counters_.count(given);
    const bool is_new = given.verdict == write_verdict::decided && !given.receipt.replayed;
    if (is_new && one.given() == nullptr) ++counters_.ledger.recorded;
    out_.answer(one.taken.ticket, std::move(given));
}

/// What a session decides is a row of the ledger's keys, whoever gave the id.
void intake::answer_from_session(queued_write& one, write_answer given) {
    const bool is_new = given.verdict == write_verdict::decided && !given.receipt.replayed;
    if (is_new && one.given() != nullptr) ++counters_.ledger.recorded;
    answer(one, std::move(given));
}

void intake::hand_back_late(std::vector<queued_write> writes, const trouble& waited_for) {
    for (auto& one : writes) {
        if (one.trouble.empty()) one.trouble = waited_for;
        hand_back(one, errc::deadline_expired, "the deadline ended before the write was applied" + one.trouble_text());
    }
}

void intake::count_session(const std::string& why) {
    ++counters_.session_writes;
    auto& words = counters_.not_plain;
    ++words[words.contains(why) || words.size() < most_words ? why : "other"];
}

void intake::not_applied(const trouble& why, time_point now) {
    if (outage_.failed(why, now)) out_.push(action::writes_fail{why.message});
}

void intake::note_doubt(const std::string& id, write_verdict verdict) {
    if (verdict == write_verdict::decided) doubts_.erase(id);
    if (verdict != write_verdict::in_doubt || forgot_doubts_) return;
    doubts_.insert(id);
    forgot_doubts_ = doubts_.size() > most_doubts;
    if (forgot_doubts_) doubts_.clear();
}

void intake::hand_back(queued_write& one, errc code, const std::string& message) {
    auto back = undecided(write_verdict::handed_back, {code, message});
    back.sqlstate = one.trouble.sqlstate;
    answer(one, std::move(back));
}

void intake::hand_back(std::vector<queued_write> writes, errc code, const std::string& message) {
    for (auto& one : writes) hand_back(one, code, message);
}

}  // namespace penholder::lane
