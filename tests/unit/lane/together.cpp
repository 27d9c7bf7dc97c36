#include "lane/together.hpp"

#include "lane_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::lane;
using namespace penholder::lane::testing;

namespace {

std::vector<std::string> savepoints(const penholder::lane::round& sent) {
    std::vector<std::string> found;
    for (const auto& text : texts(sent))
        if (text.starts_with("SAVEPOINT ")) found.push_back(text);
    return found;
}

}  // namespace

TEST_CASE("where no failure is to be expected, writes go out without savepoints") {
    together how(false);
    round_draft draft;
    how.run(so_many(40), 0, draft);
    CHECK(draft.take().size() == 40);
    CHECK_FALSE(how.had_failures());
}

TEST_CASE("where failures are to be expected there is a savepoint before every sixteenth write") {
    together how(true);
    round_draft draft;
    how.run(so_many(40), 0, draft);
    CHECK(savepoints(draft.take()) == std::vector<std::string>{"SAVEPOINT s1", "SAVEPOINT s2", "SAVEPOINT s3"});
}

TEST_CASE("a failure goes back to the last savepoint before it, or to the beginning") {
    together without(false);
    round_draft draft;
    without.run(so_many(40), 0, draft);
    CHECK(without.go_back(20).savepoint.empty());
    CHECK(without.had_failures());

    together with(true);
    with.run(so_many(40), 0, draft);
    const auto point = with.go_back(20);
    CHECK(point.savepoint == "s2");
    CHECK(point.from == 16);
}

TEST_CASE("what runs again after a failure sets savepoints, but not the one that it went back to") {
    together how(true);
    round_draft draft;
    auto all = so_many(40);
    how.run(all, 0, draft);
    const auto point = how.go_back(20);
    all.of(20).state = write_state::rejected;
    draft.begin();
    how.run(all, point.from, draft);
    const auto again = draft.take();
    CHECK(savepoints(again) == std::vector<std::string>{"SAVEPOINT s3"});
    CHECK(again.size() == 23 + 1);
}

TEST_CASE("a batch has at most sixty savepoints: PostgreSQL remembers no more of a transaction's parts in memory") {
    together how(true);
    round_draft draft;
    how.run(so_many(16 * 61), 0, draft);
    CHECK(savepoints(draft.take()).size() == 60);
    CHECK(how.go_back(16 * 61 - 1).savepoint == "s60");
}
