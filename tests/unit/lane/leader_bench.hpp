#pragma once

#include "lane/applier.hpp"
#include "lane_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace penholder::lane::testing {

inline group_options small_batches() {
    group_options group;
    group.name = "g";
    group.batch_max_writes = 40;
    group.sessions_max = 2;
    return group;
}

inline opened seen(sql::catalogue_stamp as_of = stamp, term by = {7}) {
    return {{{"g", by, "n", "n:1", {}}, by == term{7}}, as_of};
}

/// An applier whose connections answer when they are told to. UPDATEs of the fixture are plain, calls are not.
class leader {
public:
    leader() {
        take(applier_.start());
        connect();
        judge(plain_sql, plain());
        judge(call, not_plain("volatile_function"));
    }

    void submit(queued_write one) { take(applier_.submit(std::move(one.taken), at)); }
    void submit(std::uint64_t sequence) { submit(given(sequence)); }
    void begin() { take(applier_.begin(at)); }

    /// Answers the oldest round of a connection.
    void serve(int which = 0, const refuser& refuse = {}) {
        REQUIRE_FALSE(rounds[which].empty());
        const auto sent = std::move(rounds[which].front());
        rounds[which].pop_front();
        take(applier_.replied({which}, served(sent, refuse), at));
    }
    bool is_silent() const {
        return std::ranges::all_of(rounds, [](const auto& one) { return one.second.empty(); });
    }
    void serve_all(const refuser& refuse = {}) {
        for (int times = 0; times < 1000 && !is_silent(); ++times) {
            for (auto& [which, waiting] : rounds) {
                if (!waiting.empty()) serve(which, refuse);
            }
            begin();
        }
    }
    void lose(int which = 0) { take(applier_.lost({which}, {errc::database_unreachable, "gone"}, at)); }
    void leave_behind() { take(applier_.left_behind({errc::database_unreachable, "another was promoted"}, at)); }
    void connect(sql::catalogue_stamp as_of = stamp) { take(applier_.connected({0}, seen(as_of), at)); }
    void judge(const std::string& sql, result<sql::judgement> what) {
        take(applier_.judged(keyed("k", sql).taken.what.shapes().front(), std::move(what), at));
    }
    void sweep() { take(applier_.sweep()); }
    void drain() { take(applier_.drain(at)); }
    void close() { take(applier_.close(at)); }

    bool sent(int which, const std::string& sql) {
        return std::ranges::any_of(rounds[which], [&](const auto& one) { return begins_one(one, sql); });
    }
    const applier& get() const { return applier_; }

    std::chrono::steady_clock::time_point at = now;
    std::map<int, std::deque<penholder::lane::round>> rounds;
    std::vector<lane_answer> answers;
    std::vector<std::string> news;
    std::vector<std::string> not_swept;  ///< With what SQLSTATE.
    bool drained = false;
    bool sessions_connect = true;

private:
    void take(lane_actions todo) {
        for (auto& one : todo) {
            if (auto* sent = std::get_if<action::send>(&one)) {
                rounds[sent->which.value].push_back(std::move(sent->commands));
            }
            if (auto* told = std::get_if<action::answers>(&one)) {
                for (auto& each : told->all) answers.push_back(std::move(each));
            }
            if (auto* gone = std::get_if<action::disconnect>(&one)) rounds[gone->which.value].clear();
            if (auto* ended = std::get_if<action::terminate>(&one)) rounds[ended->which.value].clear();
            if (auto* made = std::get_if<action::connect>(&one)) on_connect(made->which);
            if (auto* told = std::get_if<action::not_swept>(&one)) not_swept.push_back(told->why.sqlstate);
            if (std::holds_alternative<action::drained>(one)) drained = true;
            if (std::holds_alternative<action::fenced>(one)) news.emplace_back("fenced");
            if (std::holds_alternative<action::lost>(one)) news.emplace_back("lost");
            if (std::holds_alternative<action::catalogue_changed>(one)) news.emplace_back("catalogue_changed");
            if (std::holds_alternative<action::not_plain>(one)) news.emplace_back("not_plain");
        }
    }
    void on_connect(connection_id which) {
        if (which.is_lane()) {
            news.emplace_back("connect");
        } else if (sessions_connect) {
            take(applier_.connected(which, seen(), at));
            begin();
        }
    }

    applier applier_{small_batches(), {"g", {7}, "n", "n:1", {}}};
};

/// The first batch's COMMIT is under way, and the second batch behind it.
inline void fill(leader& lane) {
    for (std::uint64_t sequence = 1; sequence <= 120; ++sequence) lane.submit(sequence);
    lane.begin();
    lane.serve();  // What the ledger knows of the origin.
    lane.serve();  // The statements of the first batch.
}

inline std::size_t count(const leader& lane, outcome what) {
    return static_cast<std::size_t>(std::ranges::count_if(lane.answers, [&](const auto& one) {
        return one.said.verdict == write_verdict::decided && one.said.receipt.outcome == what;
    }));
}

inline std::size_t committed(const leader& lane) {
    return count(lane, outcome::committed);
}

inline std::size_t count(const leader& lane, write_verdict what) {
    return static_cast<std::size_t>(
        std::ranges::count_if(lane.answers, [&](const auto& one) { return one.said.verdict == what; }));
}

}  // namespace penholder::lane::testing
