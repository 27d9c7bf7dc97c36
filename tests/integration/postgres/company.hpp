#pragma once

#include "fixture.hpp"

#include <algorithm>
#include <chrono>

namespace penholder::testing {

inline const std::string committed = "committed";

/// Writes of others that go on while a test waits for one of its own: one increment after the other.
class company {
public:
    explicit company(node_view& node) : node_(node) { node_.learn(increment()); }

    /// Waits for the answer in company. Each other write must be committed meanwhile.
    const write_answer& answer(std::size_t ticket, std::chrono::milliseconds most = std::chrono::seconds(30)) {
        const auto end = std::chrono::steady_clock::now() + patience(most);
        while (!node_.answers[ticket]) {
            REQUIRE(std::chrono::steady_clock::now() < end);
            write_one();
        }
        return *node_.answers[ticket];
    }

    void write(int count) {
        for (int i = 0; i < count; ++i) write_one();
    }

    int committed = 0;
    std::chrono::milliseconds longest{0};  ///< From sending one to its answer.

private:
    void write_one() {
        const auto begun = std::chrono::steady_clock::now();
        const auto& done = node_.answer(node_.send_given(++sequence_, increment(), {}, std::chrono::seconds(20)));
        CHECK(done.receipt.outcome == outcome::committed);
        committed += done.receipt.outcome == outcome::committed ? 1 : 0;
        longest = std::max(
            longest, std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun));
    }

    node_view& node_;
    std::uint64_t sequence_ = 1000000;
};

/// What PostgreSQL itself raises for these statements in a transaction of their own; empty where it commits them.
inline std::string alone(const std::string& database, const std::vector<std::string>& statements) {
    pqxx::connection own(shared_server().conninfo(database));
    try {
        pqxx::work work(own);
        for (const auto& each : statements) work.exec(each);
        work.commit();
        return {};
    } catch (const pqxx::sql_error& refused) {
        return refused.sqlstate();
    }
}

inline write writing(std::string id, const std::vector<std::string>& statements) {
    write made(std::move(id));
    for (const auto& each : statements) made.add(each);
    return made;
}

/// The SQLSTATE of a rejection; "committed", or what else became of it.
inline std::string outcome_of(const write_answer& given) {
    if (given.verdict != write_verdict::decided) return "undecided: " + given.message;
    if (given.receipt.outcome == outcome::committed) return "committed";
    return given.receipt.why ? given.receipt.why->sqlstate : "rejected";
}

}  // namespace penholder::testing
