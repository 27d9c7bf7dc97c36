#include "base/log_event.hpp"

#include "support/log_line.hpp"

#include <catch2/catch_test_macros.hpp>
#include <spdlog/sinks/ostream_sink.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>

using namespace penholder;
using penholder::testing::parse_log_line;

namespace {

// The process's log, written to a string for as long as this exists.
class captured_log {
public:
    captured_log() {
        auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text_);
        auto logger = std::make_shared<spdlog::logger>("penholder", std::move(sink));
        logger->set_pattern("%v");
        set_log(std::move(logger));
    }
    ~captured_log() { set_log(std::make_shared<spdlog::logger>("penholder")); }
    captured_log(const captured_log&) = delete;
    captured_log& operator=(const captured_log&) = delete;

    std::string text() const { return text_.str(); }

private:
    std::ostringstream text_;
};

std::string shown(std::string_view value) {
    std::string line;
    append_log_value(line, value);
    return line;
}

}  // namespace

TEST_CASE("plain values stand bare, others in quotes") {
    CHECK(shown("orders-1") == "orders-1");
    CHECK(shown("127.0.0.1:7431") == "127.0.0.1:7431");
    CHECK(shown("") == "\"\"");
    CHECK(shown("two words") == "\"two words\"");
    CHECK(shown("a=b") == "\"a=b\"");
    CHECK(shown("\"orders_pkey\"") == R"("\"orders_pkey\"")");
    CHECK(shown("back\\slash") == R"("back\\slash")");
    CHECK(shown("caf\xc3\xa9") == "\"caf\xc3\xa9\"");
}

TEST_CASE("what could steer a terminal, or end a line, is escaped") {
    CHECK(shown("a\nb\rc\td") == R"("a\nb\rc\td")");
    CHECK(shown("\x1b[2J") == R"("\x1b[2J")");
    CHECK(shown("\x7f") == R"("\x7f")");
    CHECK(shown("\xc2\x9b"
                "31m") == R"("\xc2\x9b31m")");
    CHECK(shown("\xff\xfe") == R"("\xff\xfe")");
    CHECK(shown(std::string_view("\0", 1)) == R"("\x00")");
}

TEST_CASE("every value of one byte or two reads back as it was") {
    for (int first = 0; first < 256; ++first) {
        for (int second = -1; second < 256; second += second < 0 ? 1 : 3) {
            std::string value(1, static_cast<char>(first));
            if (second >= 0) value += static_cast<char>(second);
            const auto line = parse_log_line("event key=" + shown(value) + " after=1");
            REQUIRE(line);
            REQUIRE(line->field("key") == value);
            REQUIRE(line->field("after") == "1");
        }
    }
}

TEST_CASE("an event is one line, written when its expression ends") {
    const captured_log captured;
    log_warn("link_lost").with("group", "orders").with("term", 7U).with("serving", false).with("reason", "a\n\"b\"");
    CHECK(captured.text() == "link_lost group=orders term=7 serving=false reason=\"a\\n\\\"b\\\"\"\n");
}

TEST_CASE("a level that is not logged writes nothing") {
    const captured_log captured;
    log().set_level(spdlog::level::warn);
    log_info("started").with("node", "a");
    CHECK(captured.text().empty());
}
