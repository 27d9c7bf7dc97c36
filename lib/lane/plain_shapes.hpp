#pragma once

#include "lane_outbox.hpp"
#include "sql/plainness.hpp"
#include "write/checked_write.hpp"

#include <penholder/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace penholder::lane {

/// What is known of statements' shapes, and so which way a write takes: the lane where each of its statements is known
/// to be plain, else a session. It asks about what it does not know, each shape once at a time, and not about all at
/// once. Bounded in shapes and bytes: the oldest is forgotten. Pure; owned by the applier.
///
/// Nothing is plain that was not judged under the very catalogue that the lane's connection has seen, nor what has no
/// shape: write_check gives none to a statement with fewer or more parameters than its text takes.
class plain_shapes {
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit plain_shapes(lane_outbox& out) : out_(out) {}
    plain_shapes(const plain_shapes&) = delete;
    plain_shapes& operator=(const plain_shapes&) = delete;

    enum class way : std::uint8_t { lane, session, unknown };
    struct found {
        way where = way::lane;
        std::string why_not;                      ///< One word; unless it takes the lane.
        std::vector<std::string> stamped_tables;  ///< Of all its statements, where it takes the lane.
        std::vector<std::string> new_stamped_tables;
        std::vector<std::string> deleted_tables = {};
    };

    /// Asks about what is unknown.
    found look_at(const checked_write& what, time_point now);

    /// A write that took the lane at this number may take it still.
    std::uint64_t generation() const noexcept { return generation_; }

    /// What these statements may leave in a session.
    sql::residue leaves(const checked_write& what) const;

    /// What the lane's connection has seen of the catalogue; 0 while it is to be seen.
    sql::catalogue_stamp stamp() const noexcept { return stamp_.value_or(sql::catalogue_stamp()); }

    /// The lane's connection has seen this catalogue. What was judged under another is dropped; false where there was
    /// another.
    bool seen(sql::catalogue_stamp by_lane);

    /// The catalogue is another than the lane has seen: nothing is plain until it has seen that one.
    void drop();

    /// The answer to a question. False where it was judged under a newer catalogue than the lane has seen: what was
    /// known before is dropped.
    bool judged(const std::string& shape, result<sql::judgement> what, time_point now);

    /// Statements of this shape held the lane up for so long. One that does so again and again takes sessions for a
    /// while.
    void held_up(const std::string& shape, std::chrono::milliseconds lane, time_point now);

    /// In a batch so many writes failed by a statement of this shape, and so many others with such a statement did not.
    /// A shape that fails more often than not takes sessions for a while: with each failure its batch runs again.
    void failed(const std::string& shape, std::size_t failures, std::size_t others, time_point now);

    /// A statement of this shape returned much: they take sessions for a while, so that nobody waits for their rows.
    void returned_much(const std::string& shape, time_point now);

    /// The last write of these shapes had an answer that is large for a session, or had not: so may the next one.
    void had_answer(const checked_write& what, bool large);
    bool may_have_large_answer(const checked_write& what) const;

    /// The lane has to see the catalogue anew.
    bool is_dropped() const noexcept { return !stamp_; }

    std::size_t size() const noexcept { return notes_.size(); }

private:
    struct note {
        std::optional<sql::judgement> known;
        time_point ask_again{};     ///< After a question that nobody could answer.
        time_point apart_until{};   ///< It takes sessions.
        std::string apart_for;      ///< The word for it.
        bool large_answer = false;  ///< The last one was, for a session.
        std::size_t failures = 0;   ///< In batches, and
        std::size_t successes = 0;  ///< what went well in those.
        time_point held_up_since{};
        std::chrono::milliseconds held_up{0};
    };

    found look_at_statement(const std::string& shape, const statement& one, time_point now);
    void ask(const std::string& shape, const statement& one);
    note& note_of(const std::string& shape);
    void set_apart(note& which, const char* why, time_point now);
    void tell(const std::string& shape, const sql::plainness& what);

    lane_outbox& out_;
    std::optional<sql::catalogue_stamp> stamp_;  ///< Nothing while it is to be seen.
    std::unordered_map<std::string, note> notes_;
    std::deque<std::string> order_;          ///< Of `notes_`, the oldest first.
    std::size_t bytes_ = 0;                  ///< Of the shapes.
    std::unordered_set<std::string> asked_;  ///< Questions without an answer.
    std::unordered_set<std::size_t> told_;   ///< Hashes of shapes that were said not to be plain.
    std::uint64_t generation_ = 1;
};

}  // namespace penholder::lane
