#include "sql/text_notes.hpp"

#include <catch2/catch_test_macros.hpp>

using penholder::sql::text_notes;

TEST_CASE("a text that comes again is not looked at again") {
    text_notes<int> notes;
    int looks = 0;
    const auto look = [&looks](const std::string&) { return ++looks; };
    notes.of("SELECT 1", look) += 10;
    CHECK(notes.of("SELECT 1", look) == 11);
    CHECK(notes.of("SELECT 2", look) == 2);
    CHECK(looks == 2);
}

TEST_CASE("long texts are looked at every time and not kept") {
    text_notes<int> notes;
    int looks = 0;
    const auto look = [&looks](const std::string&) { return ++looks; };
    const std::string text(5000, 'x');
    CHECK(notes.of(text, look) == 1);
    CHECK(notes.of(text, look) == 2);
    CHECK(notes.size() == 0);
}

TEST_CASE("however many different texts come, a bounded number is kept") {
    text_notes<int> notes;
    for (int i = 0; i < 5000; ++i) notes.of("SELECT " + std::to_string(i), [](const std::string&) { return 0; });
    CHECK(notes.size() <= 1024);
}
