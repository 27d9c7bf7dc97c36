#pragma once

#include "lane/lock_waits.hpp"
#include "lane/session_pool.hpp"
#include "lane_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace penholder::lane::testing {

inline group_options small_pool() {
    group_options group;
    group.name = "g";
    group.sessions_max = 4;
    group.queue_max_writes = 100;
    return group;
}

/// A pool whose server answers when it is told to; connections are made at once unless it is down.
class pool_bench {
public:
    void submit(queued_write one) {
        taken_.take(one);
        pool.add(std::move(one), at);
        begin();
    }
    void begin() {
        out_.woke(at);
        pool.expire({"the lane has no connection", {}}, at);
        pool.begin(lane_is_open, at);
        collect();
    }
    session_pool::seen serve(int which, const refuser& refuse = {}) {
        REQUIRE(rounds.contains(which));
        const auto sent = std::move(rounds.extract(which).mapped());
        const auto seen = pool.replied({which}, served(sent, refuse), at);
        collect();
        begin();
        return seen;
    }
    void serve_out(int which, const refuser& refuse = {}) {
        for (int times = 0; rounds.contains(which) && times < 20; ++times) serve(which, refuse);
    }
    void lose(int which) {
        rounds.erase(which);
        pool.lost({which}, {errc::database_unreachable, "reset by peer"}, at);
        collect();
        begin();
    }
    void connect(int which) {
        pool.connected({which}, {{{"g", {7}, "n", "n:1", {}}, false}, stamp}, at);
        collect();
        begin();
    }
    void judge(const std::string& sql, result<sql::judgement> what) {
        shapes_.seen(stamp);
        shapes_.judged(keyed("k", sql).taken.what.shapes().front(), std::move(what), at);
    }
    std::size_t running(const std::string& sql) const {
        return static_cast<std::size_t>(
            std::ranges::count_if(rounds, [&](const auto& one) { return holds(one.second, sql); }));
    }
    void collect() {
        for (auto& one : out_.take()) {
            if (auto* sent = std::get_if<action::send>(&one)) rounds[sent->which.value] = std::move(sent->commands);
            if (auto* made = std::get_if<action::connect>(&one)) {
                connects.push_back(made->which.value);
                if (!is_down) pool.connected(made->which, {{{"g", {7}, "n", "n:1", {}}, false}, stamp}, at);
                if (is_down) pool.lost(made->which, {errc::database_unreachable, "refused"}, at);
                begin();
            }
            if (auto* gone = std::get_if<action::disconnect>(&one)) {
                rounds.erase(gone->which.value);
                disconnects.push_back(gone->which.value);
            }
            if (auto* ended = std::get_if<action::terminate>(&one)) {
                rounds.erase(ended->which.value);
                terminated.push_back(ended->which.value);
            }
            if (auto* later = std::get_if<action::reconnect_after>(&one)) pauses.push_back(later->which.value);
            if (auto* asked = std::get_if<action::probe>(&one)) probes.push_back(*asked);
            if (auto* asked = std::get_if<action::find_lock_holder>(&one)) lock_questions.push_back(*asked);
            if (auto* told = std::get_if<action::lock_wait>(&one)) lock_lines.push_back(*told);
            if (std::holds_alternative<action::write_blamed>(one)) ++blamed;
            if (std::holds_alternative<action::writes_fail>(one)) ++outages;
            if (auto* all = std::get_if<action::answers>(&one)) {
                for (auto& each : all->all) answers.push_back(std::move(each));
            }
        }
    }
    const lane_counters& counters() const { return counters_; }
    std::optional<std::string> outage() const { return taken_.outage(at); }

private:
    group_options group_ = small_pool();
    lane_outbox out_;
    lane_counters counters_;
    intake taken_{out_, counters_};
    plain_shapes shapes_{out_};

public:
    session_pool pool{group_, {7}, {out_, counters_, taken_, shapes_}};
    lock_waits locks{out_, counters_};
    std::chrono::steady_clock::time_point at = now;
    bool lane_is_open = true;
    bool is_down = false;
    std::map<int, penholder::lane::round> rounds;  ///< Without an answer, by connection.
    std::vector<int> connects;
    std::vector<int> disconnects;
    std::vector<int> terminated;
    std::vector<int> pauses;
    std::vector<action::probe> probes;
    std::vector<action::find_lock_holder> lock_questions;
    std::vector<action::lock_wait> lock_lines;
    std::vector<lane_answer> answers;
    int blamed = 0;
    int outages = 0;
};

inline queued_write numbered(std::uint64_t sequence, const std::string& sql = call) {
    return given(sequence, {}, sql);
}

}  // namespace penholder::lane::testing
