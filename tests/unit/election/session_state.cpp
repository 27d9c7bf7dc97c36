#include "election/session_state.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::election;

TEST_CASE("a suspended session may live on, an expired one does not") {
    session_state it;
    CHECK_FALSE(it.exists());
    it.up(1, 0x10);
    CHECK(it.is_up());
    it.suspend();
    CHECK_FALSE(it.is_up());
    CHECK(it.exists());
    CHECK(it.id() == 0x10);
    it.expire(1);
    CHECK_FALSE(it.exists());
    CHECK(it.id() == 0);
}

TEST_CASE("an overdue session may live on too, and is overdue until it is up again or over") {
    session_state it;
    it.up(1, 0x10);
    CHECK_FALSE(it.is_overdue());
    it.be_overdue();
    CHECK(it.is_overdue());
    CHECK_FALSE(it.is_up());
    CHECK(it.exists());
    it.suspend();
    CHECK(it.is_overdue());
    it.up(1, 0x10);
    CHECK_FALSE(it.is_overdue());
    it.be_overdue();
    it.expire(1);
    CHECK_FALSE(it.is_overdue());
}

TEST_CASE("news of an older handle is not fresh") {
    session_state it;
    it.up(2, 0x10);
    CHECK_FALSE(it.is_fresh(1));
    CHECK(it.is_fresh(2));
    CHECK(it.is_fresh(3));
    it.expire(3);
    CHECK_FALSE(it.is_fresh(2));
}
