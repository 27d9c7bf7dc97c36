#include "lane/applier.hpp"
#include "lane_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

#include <deque>
#include <map>
#include <random>
#include <set>

using namespace penholder;
using namespace penholder::lane;
using namespace penholder::lane::testing;
using namespace std::chrono_literals;

namespace {

group_options small_lane() {
    group_options group;
    group.name = "g";
    group.batch_max_writes = 5;
    group.sessions_max = 3;
    return group;
}

const std::vector<std::string> texts_of_writes{plain_sql, "DELETE FROM t", "SELECT f()", "INSERT INTO t (a) VALUES (1)",
                                               "DO 'BEGIN END'"};

/// An applier that is told anything at any time: answers in any order and of any kind, also of connections that it has
/// closed. Events of a connection come only between its making and its end, as a shell gives them, but for some.
class anything {
public:
    explicit anything(unsigned seed) : random_(seed) { take(applier_.start()); }

    void step() {
        at_ += std::chrono::microseconds(below(3000));
        if (one_in(400)) at_ += 2s;
        switch (below(14)) {
            case 0:
            case 1:
            case 2: return submit();
            case 3:
            case 4: return take(applier_.begin(at_));
            case 5: return connect();
            case 6:
                if (one_in(8)) lose({static_cast<int>(below(4))});
                return;
            case 7: return judge();
            case 8:
                if (one_in(2)) return take(applier_.waits({static_cast<int>(below(4))}));
                if (one_in(2)) return blocked();
                return take(applier_.silent({static_cast<int>(below(4))}));
            case 9:
                if (!one_in(30)) return;
                return take(applier_.probed({static_cast<int>(below(4))}, below(50), error{errc::link_lost, "?"}, at_));
            case 10: return take(applier_.reconnect({static_cast<int>(below(4))}));
            case 11:
                if (one_in(20)) take(applier_.sweep());
                return;
            default: return serve();
        }
    }
    void drain() { take(applier_.drain(at_)); }
    void close() { take(applier_.close(at_)); }

    std::set<std::uint64_t> submitted;
    std::map<std::uint64_t, int> answered;
    std::size_t decided = 0;
    const applier& get() const { return applier_; }

private:
    std::uint64_t below(std::uint64_t end) { return std::uniform_int_distribution<std::uint64_t>(0, end - 1)(random_); }
    bool one_in(std::uint64_t many) { return below(many) == 0; }

    void submit() {
        const auto sequence = below(60) + 1;
        const auto& sql = texts_of_writes[below(texts_of_writes.size())];
        auto one = one_in(3) ? keyed("k" + std::to_string(sequence), sql) : given(sequence, {}, sql);
        one.taken.ticket = ticket{submitted.size() + 1};
        one.taken.again = one_in(3);
        one.taken.deadline = at_ + std::chrono::milliseconds(below(500) + 1);
        submitted.insert(one.taken.ticket.value);
        take(applier_.submit(std::move(one.taken), at_));
    }
    void blocked() {
        const auto by =
            one_in(3) ? std::nullopt : std::optional(lock_holder{static_cast<int>(below(9)), "psql", "", ""});
        take(applier_.blocked({static_cast<int>(below(4))}, below(50), by, at_));
    }
    void connect() {
        const connection_id which{static_cast<int>(below(4))};
        if (!wanted_.contains(which.value) && !one_in(10)) return;
        if (one_in(5)) return lose(which);
        wanted_.erase(which.value);
        if (one_in(30)) ++stamp_.value;
        take(applier_.connected(which, {{{"g", {7}, "n", "n:1", {}}, true}, stamp_}, at_));
    }
    void lose(connection_id which) {
        rounds_[which.value].clear();
        wanted_.erase(which.value);
        take(applier_.lost(which, {errc::database_unreachable, "gone"}, at_));
    }
    void judge() {
        if (asked_.empty()) return;
        const auto shape = asked_.front();
        asked_.pop_front();
        if (one_in(10)) return take(applier_.judged(shape, error{errc::database_unreachable, "?"}, at_));
        auto said = one_in(2) ? plain({}, stamp_)
                              : not_plain("trigger", one_in(2) ? sql::residue::cleanable : sql::residue::unclean);
        said->as_of = one_in(40) ? sql::catalogue_stamp{stamp_.value + 1} : stamp_;
        take(applier_.judged(shape, said, at_));
    }
    void serve() {
        const connection_id which{static_cast<int>(below(4))};
        auto& waiting = rounds_[which.value];
        if (waiting.empty()) return;
        const auto sent = std::move(waiting.front());
        waiting.pop_front();
        const bool is_rough = one_in(4);
        take(applier_.replied(which, served(sent, [&](const command&) { return is_rough ? trouble() : std::nullopt; }),
                              at_));
    }
    std::optional<reply> trouble() {
        static const std::vector<std::string> states{"23505", "40001", "55P03", "57014", "XX000", "PH002", "25006"};
        if (!one_in(6)) return std::nullopt;
        if (one_in(12)) return fatal("57P01");
        if (one_in(12)) return too_large();
        return failing(states[below(states.size())]);
    }
    void take(lane_actions todo) {
        for (auto& one : todo) {
            if (auto* sent = std::get_if<action::send>(&one)) {
                CHECK(!sent->commands.empty());
                rounds_[sent->which.value].push_back(std::move(sent->commands));
            }
            if (auto* told = std::get_if<action::answers>(&one)) {
                for (const auto& each : told->all) {
                    ++answered[each.ticket.value];
                    decided += each.said.verdict == write_verdict::decided ? 1 : 0;
                }
            }
            if (auto* gone = std::get_if<action::disconnect>(&one)) forget(gone->which);
            if (auto* ended = std::get_if<action::terminate>(&one)) forget(ended->which);
            if (auto* made = std::get_if<action::connect>(&one)) wanted_.insert(made->which.value);
            if (auto* question = std::get_if<action::judge>(&one)) asked_.push_back(question->shape);
        }
    }
    void forget(connection_id which) {
        rounds_[which.value].clear();
        wanted_.erase(which.value);
    }

    std::mt19937_64 random_;
    std::chrono::steady_clock::time_point at_ = now;
    sql::catalogue_stamp stamp_ = stamp;
    std::map<int, std::deque<penholder::lane::round>> rounds_;
    std::set<int> wanted_;  ///< Connections that are being made.
    std::deque<std::string> asked_;
    applier applier_{small_lane(), {"g", {7}, "n", "n:1", {}}};
};

}  // namespace

TEST_CASE("whatever comes in whatever order, each write is answered once, at the latest when all is closed") {
    std::size_t decided = 0;
    for (unsigned seed = 1; seed <= 60; ++seed) {
        INFO("seed " << seed);
        anything run(seed);
        for (int step = 0; step < 1500; ++step) run.step();
        if (seed % 2 == 0) run.drain();
        for (int step = 0; step < 50; ++step) run.step();
        run.close();
        CHECK(run.answered.size() == run.submitted.size());
        for (const auto& [ticket, times] : run.answered) CHECK(times == 1);
        CHECK(run.get().queued() == 0);
        CHECK(run.get().in_flight() == 0);
        decided += run.decided;
    }
    CHECK(decided > 1000);
}
