#include "batch_writes.hpp"

#include <algorithm>
#include <cassert>

namespace penholder::lane {
namespace {

constexpr std::size_t much = 64 * 1024;  ///< Bytes of one statement's rows.

std::size_t bytes_of(const statement_result& what) {
    std::size_t bytes = 0;
    for (const auto& row : what.rows) {
        for (const auto& value : row) bytes += value ? value->size() : 0;
    }
    return bytes;
}

/// Where that type is in the list, in whatever column; the list's size where it is not.
std::size_t place_of(const unnamed_type& type, const std::vector<unnamed_type>& in) {
    const auto found =
        std::ranges::find_if(in, [&](const auto& one) { return one.oid == type.oid && one.modifier == type.modifier; });
    return static_cast<std::size_t>(found - in.begin());
}

bool claims_commit(const std::optional<write_answer>& answer) {
    return answer && answer->verdict == write_verdict::decided && answer->receipt.outcome == outcome::committed;
}

}  // namespace

bool batch_writes::has(write_state state) const {
    return std::ranges::count(progress_, state, &write_progress::state) > 0;
}

void batch_writes::keep_result(std::size_t index, std::size_t statement, reply& from) {
    auto& one = progress_[index];
    if (statement == 0) drop_results(one);
    if (!from.done()) return;
    if (bytes_of(from.result) > much) note_much(writes_[index].taken.what.shapes()[statement]);
    for (const auto& each : from.unnamed) one.unnamed.push_back({one.results.size(), each});
    one.results.push_back(std::move(from.result));
}

void batch_writes::drop_results(write_progress& of) {
    of.results.clear();
    of.unnamed.clear();
}

std::vector<unnamed_type> batch_writes::unnamed_types() const {
    std::vector<unnamed_type> all;
    for (const auto& one : progress_) {
        for (const auto& each : one.unnamed) {
            if (place_of(each.type, all) == all.size()) all.push_back(each.type);
        }
    }
    return all;
}

void batch_writes::name_types(const reply& names) {
    const auto all = unnamed_types();
    const auto& rows = names.result.rows;
    for (auto& one : progress_) {
        for (const auto& each : std::exchange(one.unnamed, {})) {
            const auto place = place_of(each.type, all);
            if (place >= rows.size() || rows[place].empty()) continue;
            one.results[each.statement].types[each.type.column] = rows[place].front().value_or("");
        }
    }
}

void batch_writes::note_much(const std::string& shape) {
    if (std::ranges::find(returned_much_, shape) == returned_much_.end()) returned_much_.push_back(shape);
}

void batch_writes::mark_executed() {
    for (auto& one : progress_) {
        if (one.state == write_state::waiting) one.state = write_state::executed;
    }
}

std::optional<row_count_mismatch> batch_writes::first_mismatch() const {
    for (std::size_t index = 0; index < writes_.size(); ++index) {
        const auto& one = progress_[index];
        const auto& statements = writes_[index].statements();
        if (one.state != write_state::waiting && one.state != write_state::executed) continue;
        for (std::size_t at = 0; at < std::min(statements.size(), one.results.size()); ++at) {
            const auto expected = statements[at].expected_rows();
            const auto affected = one.results[at].rows_affected;
            if (!expected || *expected == affected) continue;
            return row_count_mismatch{
                index,
                {errc::row_count_mismatch,
                 "statement " + std::to_string(at) + " affected " + std::to_string(affected) + " rows instead of " +
                     std::to_string(*expected) + "; the write was rolled back",
                 {},
                 at}};
        }
    }
    return std::nullopt;
}

void batch_writes::reject(std::size_t index, reason why) {
    progress_[index].state = write_state::rejected;
    drop_results(progress_[index]);
    progress_[index].why = std::move(why);
}

void batch_writes::set_apart(std::size_t index, trouble why) {
    progress_[index].state = write_state::apart;
    drop_results(progress_[index]);
    writes_[index].trouble = std::move(why);
}

void batch_writes::set_apart_unsettled(const trouble& why) {
    for (std::size_t index = 0; index < writes_.size(); ++index) {
        if (progress_[index].state != write_state::settled) set_apart(index, why);
    }
}

void batch_writes::note_trouble(const trouble& why) {
    for (std::size_t index = 0; index < writes_.size(); ++index) {
        if (progress_[index].state != write_state::settled) writes_[index].trouble = why;
    }
}

void batch_writes::settle(std::size_t index, write_answer answer) {
    progress_[index].state = write_state::settled;
    progress_[index].answer = std::move(answer);
}

void batch_writes::undo_from(std::size_t index) {
    for (auto at = index; at < progress_.size(); ++at) {
        auto& one = progress_[at];
        if (one.state != write_state::executed && one.state != write_state::waiting) continue;
        one.state = write_state::waiting;
        drop_results(one);
    }
}

const receipt& batch_writes::make_receipt(std::size_t index, term held) {
    auto& one = progress_[index];
    const bool done = one.state == write_state::executed;
    assert(done || one.state == write_state::rejected);
    one.recorded = {writes_[index].id(),
                    done ? outcome::committed : outcome::rejected,
                    held.value,
                    0,
                    false,
                    done ? std::move(one.results) : std::vector<statement_result>{},
                    done ? std::nullopt : one.why,
                    dated_};
    return one.recorded;
}

void batch_writes::on_committed(std::uint64_t lsn) {
    for (std::size_t index = 0; index < progress_.size(); ++index) {
        auto& one = progress_[index];
        assert(one.state != write_state::waiting);
        if (one.state == write_state::executed || one.state == write_state::rejected) {
            settle(index, decided(std::move(one.recorded)));
        }
        if (claims_commit(one.answer)) one.answer->receipt.lsn = lsn;
    }
}

void batch_writes::doubt_executed() {
    for (std::size_t index = 0; index < writes_.size(); ++index) {
        if (progress_[index].state == write_state::executed) writes_[index].doubtful = true;
    }
}

void batch_writes::withdraw_unproven() {
    for (auto& one : progress_) {
        if (claims_commit(one.answer) && one.answer->receipt.lsn == 0) one.answer.reset();
    }
}

}  // namespace penholder::lane
