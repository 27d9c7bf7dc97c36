#pragma once

#include "databases.hpp"
#include "postgres/database.hpp"
#include "support/patience.hpp"
#include "write/write_check.hpp"

#include <boost/asio.hpp>
#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace penholder::testing {

/// One database with the schema, as one node sees it, and its lane. Single-threaded: `run_until` turns the executor.
class node_view {
public:
    explicit node_view(std::string conninfo, group_options group = {})
        : database(io.get_executor(), threads, named(std::move(group), std::move(conninfo))) {}

    ~node_view() {
        lane.reset();
        threads->end();
        io.poll();
    }

    template <class T>
    T wait(boost::asio::awaitable<T> work) {
        std::optional<T> answer;
        boost::asio::co_spawn(io, std::move(work), [&](std::exception_ptr thrown, T value) {
            if (thrown) std::rethrow_exception(thrown);
            answer.emplace(std::move(value));
        });
        run_until([&] { return answer.has_value(); });
        return std::move(*answer);
    }

    void run_until(const std::function<bool()>& condition, std::chrono::milliseconds most = std::chrono::seconds(10)) {
        const auto end = std::chrono::steady_clock::now() + patience(most);
        while (!condition()) {
            REQUIRE(std::chrono::steady_clock::now() < end);
            io.restart();
            io.run_one_for(std::chrono::milliseconds(10));
        }
    }

    void lead(std::uint64_t number, const std::string& name = "node-1") {
        const auto raised = wait(database.raise_fence({number}, name, name + ":1"));
        REQUIRE(raised.has_value());
        REQUIRE(raised->raised);
        open(number, name);
        run_until([&] { return lane->state() == lane::lane_state::open; });
    }

    void open(std::uint64_t number, const std::string& name = "node-1") {
        postgres::lane_events events;
        events.on_answers = [this](std::vector<lane::lane_answer> given) { take(std::move(given)); };
        events.on_open = [this](const fence_raise&) { ++opened; };
        events.on_lost = [this](const error&) { ++lost; };
        events.on_fenced = [this](const fence_record& who) { fenced_by = who; };
        lane.emplace(database.open_lane({number}, name, name + ":1", std::move(events)));
    }

    std::size_t send(write what, std::chrono::milliseconds within = std::chrono::seconds(5)) {
        const auto id = what.id();
        return send_as(id, {}, std::move(what), within);
    }

    std::size_t send_given(std::uint64_t sequence, write what, origin_mark mark = {},
                           std::chrono::milliseconds within = std::chrono::seconds(5)) {
        const origin_write_id id("node-1.00000000000000aa", sequence);
        return send_as(id.text(), std::move(mark), std::move(what), within);
    }

    /// Sends this until it takes the lane: what it says is known to be plain then. Each time it takes effect.
    void learn(const write& like) {
        for (auto before = lane->counters().batched_writes; lane->counters().batched_writes == before;) {
            REQUIRE(++learned_ < 1000);
            const auto& done = answer(send_as("learn-" + std::to_string(learned_), {}, like, std::chrono::seconds(5)));
            REQUIRE(done.receipt.outcome == outcome::committed);
        }
    }

    const write_answer& answer(std::size_t ticket) {
        run_until([&] { return answers[ticket].has_value(); }, std::chrono::seconds(20));
        return *answers[ticket];
    }

    boost::asio::io_context io;
    std::shared_ptr<postgres::workers> threads = std::make_shared<postgres::workers>(2);
    postgres::database database;
    std::optional<postgres::lane_connection> lane;
    std::deque<std::optional<write_answer>> answers;
    std::optional<fence_record> fenced_by;
    int opened = 0;
    int lost = 0;

private:
    static group_options named(group_options group, std::string conninfo) {
        group.name = "g";
        group.database = std::move(conninfo);
        return group;
    }

    std::size_t send_as(const std::string& id, origin_mark mark, write what, std::chrono::milliseconds within) {
        const auto number = answers.size();
        answers.emplace_back();
        auto checked = check.check(id, std::make_shared<const write>(std::move(what)));
        if (checked) {
            lane->submit(
                {ticket{number}, std::move(*checked), std::move(mark), std::chrono::steady_clock::now() + within});
        } else {
            answers[number] = handed_back(checked.error().code, checked.error().message);
        }
        return number;
    }

    void take(std::vector<lane::lane_answer> given) {
        for (auto& one : given) {
            auto& kept = answers.at(one.ticket.value);
            CHECK_FALSE(kept.has_value());
            kept = std::move(one.said);
        }
    }

    write_check check{std::size_t{1} << 30U};
    int learned_ = 0;
};

inline write increment(std::string id = {}) {
    write made(std::move(id));
    made.add("UPDATE counter SET n = n + 1 WHERE id = $1", 1).expect_rows(1);
    return made;
}

inline write entry(int number, std::string id = {}) {
    write made(std::move(id));
    made.add("INSERT INTO entries VALUES ($1, $2)", number, "x");
    return made;
}

}  // namespace penholder::testing
