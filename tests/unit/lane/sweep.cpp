#include "lane/sweep.hpp"

#include "lane_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::lane;
using namespace penholder::lane::testing;

namespace {

constexpr sweep_step going_on{.first = false, .from = 17};

auto refusing(const std::string& which, const std::string& sqlstate) {
    return [which, sqlstate](const command& one) {
        return one.sql.starts_with(which) ? std::optional(failing(sqlstate)) : std::nullopt;
    };
}

}  // namespace

TEST_CASE("a sweep is one transaction under the guard, in one round") {
    sweep run(settings, going_on);
    const auto sent = run.begin();
    REQUIRE(sent.size() == 5);
    CHECK(sent[0].sql.starts_with("BEGIN"));
    CHECK(sent[1].sql.starts_with("SELECT penholder.guard("));
    CHECK(sent[2].sql.starts_with("SELECT forgotten, swept_to, more FROM penholder.sweep("));
    CHECK(sent[2].params == std::vector<penholder::parameter>{"g", "10", std::nullopt, "2000", "17"});
    CHECK(sent[3].sql == "SELECT penholder.catalogue_stamp()");
    CHECK(sent[4].sql == "COMMIT");
    CHECK_FALSE(run.on_replies(served(sent)).has_value());
    CHECK(run.done());
}

TEST_CASE("a sweep's first step takes up changes that fire no trigger before it reads the stamp") {
    sweep run(settings, sweep_step{});
    const auto sent = run.begin();
    REQUIRE(sent.size() == 6);
    CHECK(sent[2].params == std::vector<penholder::parameter>{"g", "10", "20", "2000", "0"});
    CHECK(sent[3].sql == "SELECT penholder.tend_catalogue()");
    auto replies = served(sent);
    replies.at(2).result.rows = {{"17"}};
    replies.at(4).result.rows = {{std::to_string(settings.catalogue.value + 1)}};
    run.on_replies(replies);
    CHECK(run.forgotten() == 17);
    CHECK(run.stale());
}

TEST_CASE(
    "a sweep tells how much it forgot, how far it came, whether there is more, and whether the catalogue is another") {
    const auto swept = [](const std::string& forgotten, const std::string& more, const std::string& stamp) {
        sweep run(settings, going_on);
        auto replies = served(run.begin());
        replies.at(2).result.rows = {{forgotten, "1764300000000001", more}};
        replies.at(3).result.rows = {{stamp}};
        run.on_replies(replies);
        return run;
    };
    const auto as_it_was = swept("17", "t", std::to_string(settings.catalogue.value));
    CHECK(as_it_was.forgotten() == 17);
    CHECK(as_it_was.swept_to() == 1764300000000001);
    CHECK(as_it_was.more());
    CHECK_FALSE(as_it_was.stale());
    CHECK_FALSE(swept("17", "f", "0").more());
    CHECK(swept("0", "f", std::to_string(settings.catalogue.value + 1)).stale());
}

TEST_CASE("a sweep that the guard refuses says that somebody else leads, after it was rolled back") {
    sweep run(settings, going_on);
    const auto undo = run.on_replies(served(run.begin(), refusing("SELECT penholder.guard", "PH001")));
    REQUIRE(undo.has_value());
    CHECK(texts(*undo) == std::vector<std::string>{"ROLLBACK"});
    CHECK_FALSE(run.on_replies(served(*undo)).has_value());
    CHECK(run.fenced());
    CHECK_FALSE(run.done());
}

TEST_CASE("a sweep that fails is rolled back, and only the end of its connection costs the connection") {
    for (const auto* sqlstate : {"40P01", "53100", "08006"}) {
        sweep failed(settings, going_on);
        CHECK(failed.on_replies(served(failed.begin(), refusing("SELECT forgotten", sqlstate))).has_value());
        CHECK_FALSE(failed.done());
        CHECK_FALSE(failed.fenced());
        CHECK_FALSE(failed.needs_reconnect());
        CHECK(failed.why().sqlstate == sqlstate);
    }
    sweep broken(settings, going_on);
    const auto ended = answering("SELECT forgotten", fatal("57P01"));
    CHECK_FALSE(broken.on_replies(served(broken.begin(), ended)).has_value());
    CHECK(broken.needs_reconnect());
}

TEST_CASE("a sweep whose COMMIT rolled back is not done") {
    sweep run(settings, going_on);
    const auto rolled_back = [](const command& one) {
        return one.sql == "COMMIT" ? std::optional(done("ROLLBACK")) : std::nullopt;
    };
    CHECK(run.on_replies(served(run.begin(), rolled_back)).has_value());
    CHECK_FALSE(run.done());
    CHECK_FALSE(run.why().empty());
}
