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
