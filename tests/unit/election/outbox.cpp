#include "election/outbox.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::election;

TEST_CASE("a report comes before everything else that the event led to, and only when something has changed") {
    outbox out("orders");
    out.push(action::stopped{});
    out.report({"orders", role::offline, 0, {}, {}, false});
    CHECK(out.take().size() == 1);
    out.push(action::stopped{});
    out.report({"orders", role::follower, 4, "b", "b:1", true});
    const auto said = out.take();
    REQUIRE(said.size() == 2);
    CHECK(std::get<action::report>(said.front()).now.term == 4);
    CHECK(out.reported().leader == "b");
    CHECK(out.take().empty());
}

TEST_CASE("trouble is told when it comes, changes and goes") {
    outbox out("orders");
    out.report_trouble(std::nullopt);
    CHECK(out.take().empty());
    out.report_trouble(error{errc::name_taken, "taken"});
    out.report_trouble(error{errc::name_taken, "taken"});
    CHECK(out.take().size() == 1);
    out.report_trouble(std::nullopt);
    const auto said = out.take();
    REQUIRE(said.size() == 1);
    CHECK_FALSE(std::get<action::trouble>(said.front()).what);
}

TEST_CASE("a malformed znode is warned of once, with its text as it is") {
    outbox out("orders");
    const error garbage{errc::malformed_znode, "znode \"x\"\n"};
    out.warn({garbage});
    const auto said = out.take();
    REQUIRE(said.size() == 1);
    CHECK(std::get<action::log>(said.front()) == action::log{"malformed_znode", {{"reason", "znode \"x\"\n"}}});
    out.warn({garbage});
    out.warn({});
    out.warn({garbage});
    CHECK(out.take().empty());
}

TEST_CASE("a znode without an owner is named once") {
    outbox out("orders");
    const std::vector<ownerless_znode> found{{"/g/candidates/x", "b"}};
    out.warn_of_ownerless(found);
    const auto said = out.take();
    REQUIRE(said.size() == 1);
    CHECK(std::get<action::log>(said.front()).event == "ownerless_znode");
    out.warn_of_ownerless(found);
    CHECK(out.take().empty());
}
