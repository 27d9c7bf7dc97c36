#pragma once

#include "lane/session_transaction.hpp"
#include "lane_fixture.hpp"
#include "ledger/receipt_bytes.hpp"

#include <catch2/catch_test_macros.hpp>

#include <optional>
#include <string>
#include <utility>

namespace penholder::lane::testing {

inline batch_settings of_a_session() {
    auto made = settings;
    made.slot = {3};
    made.catalogue = {};
    made.lock_timeout_ms = 500;
    made.statement_timeout_ms = 30'000;
    return made;
}

inline batch_settings under_a_catalogue() {
    auto made = of_a_session();
    made.catalogue = {7};
    return made;
}

/// A transaction whose server answers when it is told to.
class run {
public:
    explicit run(queued_write one, batch_settings with = of_a_session()) : it(std::move(with), std::move(one)) {
        next = it.begin(at);
    }

    run& serve(const refuser& refuse = {}) {
        next = it.on_replies(served(*next, refuse), at);
        return *this;
    }
    run& serve_out(const refuser& refuse = {}) {
        for (int rounds = 0; next && rounds < 20; ++rounds) serve(refuse);
        CHECK_FALSE(next.has_value());
        answer = it.take_answer();
        return *this;
    }
    /// The round whose command begins so is answered thus; all before it as a server answers.
    run& serve_until(const std::string& begin) {
        while (next && !begins_one(*next, begin)) serve();
        REQUIRE(next.has_value());
        return *this;
    }

    std::chrono::steady_clock::time_point at = now;
    session_transaction it;
    std::optional<penholder::lane::round> next;
    std::optional<write_answer> answer;
};

inline queued_write first_attempt() {
    return given(1, {}, call);
}

inline queued_write retried() {
    auto made = first_attempt();
    made.taken.again = true;
    return made;
}

inline refuser look_up_finds(const std::string& id, outcome what) {
    receipt made{id, what, 3, 0, false, {}, {}};
    if (what == outcome::rejected) made.why = reason{errc::statement_failed, "no", "23505", 0};
    auto found = done("SELECT 1");
    found.result.rows = {{"k", id, "", ledger::to_bytes(made)}};
    return answering("SELECT kind, id", found);
}

}  // namespace penholder::lane::testing
