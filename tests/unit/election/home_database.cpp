#include "election/home_database.hpp"

#include "driver.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::election;

namespace {

group_snapshot with_terms(std::vector<term_record> terms) {
    auto seen = driver::enrolled();
    seen.terms = std::move(terms);
    return seen;
}

term_record led(std::uint64_t number, std::string database) {
    return {number, "b", {}, "election", {}, std::move(database)};
}

home_database with(const std::string& identity) {
    home_database it(true);
    it.found(identity);
    return it;
}

}  // namespace

TEST_CASE("nobody takes part before the database was asked, and a group without one is not asked") {
    home_database it(true);
    CHECK_FALSE(it.takes_part());
    it.found("");
    CHECK(it.takes_part());
    CHECK(home_database(false).takes_part());
}

TEST_CASE("the group's database is the last term's") {
    auto it = with("7/1");
    CHECK(it.takes_part());
    it.shown(with_terms({led(1, "7/2"), led(2, "7/1"), led(3, "")}));
    CHECK_FALSE(it.is_foreign());
    it.shown(with_terms({led(2, "7/1"), led(4, "7/2")}));
    CHECK(it.is_foreign());
    CHECK_FALSE(it.takes_part());
    CHECK(it.trouble("a", "orders")->message.find("7/2") != std::string::npos);
}

TEST_CASE("a leader may be newer than the terms that were read") {
    auto it = with("7/1");
    auto seen = driver::led_by("b", 0x20, 4);
    seen.leader->record->database = "7/2";
    seen.scope = scope::partial;
    it.shown(seen);
    CHECK(it.is_foreign());
}

TEST_CASE("a database that cannot be asked for a while is the one that it was") {
    auto it = with("7/1");
    it.shown(with_terms({led(1, "7/2")}));
    it.found("");
    CHECK(it.is_foreign());
    it.found("7/2");
    CHECK_FALSE(it.is_foreign());
}

TEST_CASE("what an ensemble has lost, or has restored from before, is remembered") {
    auto it = with("7/2");
    it.shown(with_terms({led(5, "7/1")}));
    it.shown(with_terms({}));
    CHECK(it.is_foreign());
    it.shown(with_terms({led(3, "7/2")}));
    CHECK(it.is_foreign());
    it.shown(with_terms({led(6, "7/2")}));
    CHECK_FALSE(it.is_foreign());
}

TEST_CASE("operators move a group to another database, whatever its terms say") {
    auto it = with("7/2");
    auto seen = with_terms({led(5, "7/1")});
    seen.control.adopted_database = "7/2";
    it.shown(seen);
    CHECK_FALSE(it.is_foreign());
    auto old = with("7/1");
    old.shown(seen);
    CHECK(old.is_foreign());
}

TEST_CASE("the last raise is the newest term's, and the leader's where the terms were not read since") {
    auto it = with("7/1");
    auto seen = with_terms({led(4, "7/1")});
    seen.terms.back().raised = "4:1@0/100";
    it.shown(seen);
    CHECK(it.groups() == group_database{"7/1", {{4}, {1, 0x100}}, false});
    auto since = driver::led_by("b", 0x20, 4);
    since.leader->record->database = "7/1";
    since.leader->record->raised = {{4}, {2, 0x120}};
    since.scope = scope::partial;
    it.shown(since);
    CHECK(it.last_raise() == fence_raise{{4}, {2, 0x120}});
    it.shown(seen);
    CHECK(it.last_raise() == fence_raise{{4}, {2, 0x120}});
    it.shown(with_terms({led(5, "7/1")}));
    CHECK(it.last_raise() == fence_raise{{4}, {2, 0x120}});
}

TEST_CASE("what a leader's own record said when it was elected does not take its raise back") {
    for (const bool first : {false, true}) {
        auto it = with("7/1");
        auto before = with_terms({led(4, "7/1")});
        before.terms.back().raised = "4:1@0/100";
        if (!first) it.shown(before);
        const fence_raise own{{5}, {1, 0x200}};
        it.raised(own);
        auto elected = driver::led_by("a", driver::session, 5);
        elected.leader->record->database = "7/1";
        if (!first) elected.leader->record->raised = {{4}, {1, 0x100}};
        it.shown(elected);
        CHECK(it.last_raise() == own);
    }
}

TEST_CASE("an ensemble that was restored from before the last raise does not bring an old primary back") {
    auto it = with("7/1");
    auto seen = with_terms({led(5, "7/1")});
    seen.terms.back().raised = "5:2@0/200";
    it.shown(seen);
    auto restored = with_terms({led(3, "7/1")});
    restored.terms.back().raised = "3:1@0/100";
    it.shown(restored);
    CHECK(it.last_raise() == fence_raise{{5}, {2, 0x200}});
}

TEST_CASE("operators move a group back on its own database, and a leader of before steps down") {
    auto it = with("7/1");
    auto seen = with_terms({led(5, "7/1")});
    seen.terms.back().raised = "5:2@0/200";
    seen.control.adopted_database = "7/1";
    seen.control.adopted_raise = {{6}, {1, 0x100}};
    it.shown(seen);
    CHECK(it.takes_part());
    CHECK(it.groups() == group_database{"7/1", {{6}, {1, 0x100}}, true});
    CHECK(it.was_moved_since({5}));
    CHECK_FALSE(it.was_moved_since({6}));
    auto after = with_terms({led(6, "7/1")});
    after.terms.back().raised = "6:1@0/100";
    it.shown(after);
    CHECK(it.groups() == group_database{"7/1", {{6}, {1, 0x100}}, false});
    CHECK_FALSE(it.was_moved_since({5}));
}

TEST_CASE("another database has its own raises") {
    auto it = with("7/2");
    auto seen = with_terms({led(5, "7/1")});
    seen.terms.back().raised = "5:2@0/200";
    it.shown(seen);
    it.shown(with_terms({led(6, "7/2")}));
    CHECK(it.last_raise() == fence_raise{});
}
