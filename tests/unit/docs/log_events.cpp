#include "base/log_event.hpp"
#include "base/log_line.hpp"
#include "source_tree.hpp"

#include <catch2/catch_test_macros.hpp>
#include <spdlog/sinks/ostream_sink.h>

#include <memory>
#include <sstream>

using namespace penholder;
using namespace penholder::testing;

namespace {

/// One call that writes a line of the log: `log_warn("event").with("key", …)…`.
struct log_call {
    std::string where;
    std::string event;  ///< Empty where the event's name is no literal.
    std::vector<std::string> keys;
    std::size_t fields = 0;  ///< All `.with(…)`, those too whose key is no literal.
};

std::string text_of(const source_file& file) {
    std::string all;
    for (const auto& line : file.lines) all += line.substr(0, line.find(" // ")) + "\n";
    return all;
}

/// The statement that begins at `from`, up to its semicolon; those inside strings do not end it.
std::string statement_at(const std::string& text, std::size_t from) {
    bool quoted = false;
    for (std::size_t i = from; i < text.size(); ++i) {
        if (quoted && text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            quoted = !quoted;
        } else if (!quoted && text[i] == ';') {
            return text.substr(from, i - from);
        }
    }
    return text.substr(from);
}

log_call read_call(const std::string& where, const std::string& statement) {
    static const std::regex event(R"re(^log_\w+\(\s*"([^"]*)"\s*\))re");
    static const std::regex field(R"re(\.with(?:_where_set)?\(\s*("([^"]*)")?)re");
    log_call call{where, {}, {}, 0};
    std::smatch match;
    if (std::regex_search(statement, match, event)) call.event = match[1];
    for (std::sregex_iterator at(statement.begin(), statement.end(), field), end; at != end; ++at) {
        ++call.fields;
        if ((*at)[1].matched) call.keys.push_back((*at)[2]);
    }
    return call;
}

std::vector<source_file> product_sources() {
    std::vector<source_file> all;
    for (const auto* part : {"api", "config", "daemon", "cli"})
        for (auto& file : sources_below(part, {".hpp", ".cpp"}))
            if (!file.path.starts_with("lib/base/")) all.push_back(std::move(file));
    return all;
}

std::vector<log_call> all_calls() {
    static const std::regex call(R"(\blog_(debug|info|warn|error)\()");
    std::vector<log_call> found;
    for (const auto& file : product_sources()) {
        const auto text = text_of(file);
        for (std::sregex_iterator at(text.begin(), text.end(), call), end; at != end; ++at) {
            found.push_back(read_call(file.path, statement_at(text, static_cast<std::size_t>(at->position()))));
        }
    }
    return found;
}

bool is_snake_case(const std::string& name) {
    static const std::regex form("[a-z][a-z0-9]*(_[a-z0-9]+)*");
    return std::regex_match(name, form);
}

/// What a log event with these keys writes where every value is `value`.
std::string written(const log_call& call, const std::string& value) {
    std::ostringstream text;
    auto logger = std::make_shared<spdlog::logger>("penholder", std::make_shared<spdlog::sinks::ostream_sink_mt>(text));
    logger->set_pattern("%v");
    set_log(std::move(logger));
    {
        log_event event(spdlog::level::warn, call.event);
        for (const auto& key : call.keys) event.with(key, value);
    }
    set_log(std::make_shared<spdlog::logger>("penholder"));
    return text.str();
}

const std::vector<std::string> hostile{
    "a \"quoted\" text with = and \\",
    "two\nlines\r\nand\ttabs",
    "\x1b[2J\x1b]0;title\x07",
    "\xc2\x9b"
    "31m C1",
    "\xff\xfe no text \xc3",
    std::string("nul \0 inside", 12),
    "x\nleading group=orders term=99",
};

}  // namespace

TEST_CASE("every line of the log is an event with fields, all of them in snake_case") {
    const auto calls = all_calls();
    CHECK(calls.size() >= 8);
    for (const auto& call : calls) {
        INFO(call.where << " logs " << call.event);
        CHECK(is_snake_case(call.event));
        CHECK(call.keys.size() == call.fields);
        std::set<std::string> names{"time", "level", "event", "message"};
        for (const auto& key : call.keys) {
            INFO(key);
            CHECK(is_snake_case(key));
            CHECK(names.insert(key).second);
            CHECK((key != "why" && key != "error" && key != "message"));
        }
    }
}

TEST_CASE("nothing logs in another way") {
    static const std::regex other(R"((\blog\(\)\s*[.-]|\bspdlog::(trace|debug|info|warn|error|critical|log)\())");
    for (const auto& file : product_sources()) {
        for (const auto& found : all_matches(file, other)) {
            INFO(file.path << " says " << found);
            CHECK(found.empty());
        }
    }
}

TEST_CASE("every event reads back as it was logged, whatever its values are") {
    for (const auto& call : all_calls()) {
        for (const auto& value : hostile) {
            INFO(call.where << " logs " << call.event);
            const auto text = written(call, value);
            REQUIRE(text.ends_with('\n'));
            const auto line = parse_log_line(text.substr(0, text.size() - 1));
            REQUIRE(line);
            CHECK(line->event == call.event);
            REQUIRE(line->fields.size() == call.keys.size());
            for (std::size_t i = 0; i < call.keys.size(); ++i) {
                CHECK(line->fields[i].first == call.keys[i]);
                CHECK(line->fields[i].second == value);
            }
        }
    }
}
