#include "group/failure_detector.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::group;

namespace {

failure_detector linked_watch() {
    failure_detector watch(term{4}, "b", "b:1");
    watch.linked("9");
    return watch;
}

}  // namespace

TEST_CASE("a link that broke and an address that refuses are a proof of death") {
    auto watch = linked_watch();
    CHECK_FALSE(watch.on(sign::broke));
    const auto dead = watch.on(sign::refused);
    REQUIRE(dead);
    CHECK(*dead == election::process_death{term{4}, "b", "9", "its link broke, and b:1 refuses connections"});
}

TEST_CASE("another incarnation where the link broke is a proof of death") {
    auto watch = linked_watch();
    watch.on(sign::broke);
    CHECK(watch.on(sign::replaced));
}

TEST_CASE("an address that was never linked to proves nothing by refusing") {
    failure_detector watch(term{4}, "b", "b:1");
    CHECK_FALSE(watch.on(sign::refused));
    CHECK_FALSE(watch.on(sign::broke));
    CHECK_FALSE(watch.on(sign::refused));
    CHECK_FALSE(watch.on(sign::replaced));
}

TEST_CASE("silence, or a goodbye, between the break and the refusal takes the proof away") {
    auto watch = linked_watch();
    watch.on(sign::broke);
    CHECK_FALSE(watch.on(sign::nothing));
    CHECK_FALSE(watch.on(sign::refused));
}

TEST_CASE("a link that fell silent and is refused then is no proof") {
    auto watch = linked_watch();
    watch.on(sign::nothing);
    CHECK_FALSE(watch.on(sign::refused));
}

TEST_CASE("a handshake that breaks after the link did leaves the suspicion") {
    auto watch = linked_watch();
    watch.on(sign::broke);
    CHECK_FALSE(watch.on(sign::broke));
    CHECK(watch.on(sign::refused));
}

TEST_CASE("a link that is up again clears the suspicion") {
    auto watch = linked_watch();
    watch.on(sign::broke);
    watch.linked("9");
    CHECK_FALSE(watch.on(sign::refused));
}

TEST_CASE("only a reset, a refusal and another life are signs of a process's end") {
    CHECK(sign_of(wire::loss::reset) == sign::broke);
    CHECK(sign_of(wire::loss::refused) == sign::refused);
    CHECK(sign_of(wire::loss::replaced) == sign::replaced);
    for (const auto how : {wire::loss::silent, wire::loss::unauthorized, wire::loss::protocol, wire::loss::closed}) {
        CHECK(sign_of(how) == sign::nothing);
    }
}
