#include "wire/request_window.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;

namespace {

const wire::request_body a_write = wire::submit{};
const wire::request_body a_find = wire::find{};
const wire::reply_body answered = write_answer{};
const wire::reply_body found = wire::find_result{};

}  // namespace

TEST_CASE("as many writes as the leader takes may be without a reply") {
    wire::request_window window(2);
    CHECK(window.writes() == 2);
    window.sent(a_write);
    CHECK(window.has_room(a_write));
    window.sent(a_write);
    CHECK_FALSE(window.has_room(a_write));
    CHECK(window.writes_open() == 2);
    window.replied(answered);
    CHECK(window.has_room(a_write));
    CHECK(window.writes_open() == 1);
}

TEST_CASE("questions have room of their own, whatever the writes take") {
    wire::request_window window(1);
    window.sent(a_write);
    for (int i = 0; i < 256; ++i) {
        REQUIRE(window.has_room(a_find));
        window.sent(a_find);
    }
    CHECK_FALSE(window.has_room(a_find));
    window.replied(found);
    CHECK(window.has_room(a_find));
    CHECK_FALSE(window.has_room(a_write));
}

TEST_CASE("a reply that nobody asked for makes no room") {
    wire::request_window window(1);
    window.replied(answered);
    window.sent(a_write);
    CHECK_FALSE(window.has_room(a_write));
}

TEST_CASE("before the leader has said how much it takes, no write has room") {
    CHECK_FALSE(wire::request_window().has_room(a_write));
}
