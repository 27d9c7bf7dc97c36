#include "daemon/process/log_lines.hpp"

#include "base/log_event.hpp"
#include "base/log_line.hpp"
#include "base/utf8.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <regex>

using namespace penholder;
using namespace penholder::daemon;

namespace {

/// A log file of its own for one test.
class scratch_log {
public:
    scratch_log() {
        std::string pattern = (std::filesystem::temp_directory_path() / "penholder-log-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
    }
    ~scratch_log() { std::filesystem::remove_all(folder_); }
    scratch_log(const scratch_log&) = delete;
    scratch_log& operator=(const scratch_log&) = delete;

    std::string path() const { return (folder_ / "log").string(); }
    std::string text() const {
        std::ifstream file(path());
        return {std::istreambuf_iterator<char>(file), {}};
    }

private:
    std::filesystem::path folder_;
};

/// What the process's log writes in this format while `write` runs.
template <class Write>
std::string logged(const std::string& format, Write write) {
    const scratch_log at;
    set_log(make_log({"info", format, ""}, std::make_shared<log_file>(at.path())));
    write();
    set_log(std::make_shared<spdlog::logger>("penholder"));
    return at.text();
}

/// No control character but the line's end, and nothing that is no UTF-8.
bool is_one_harmless_line(std::string_view text) {
    if (!text.ends_with('\n')) return false;
    text.remove_suffix(1);
    while (!text.empty()) {
        const auto piece = first_piece(text);
        if (!piece.is_valid || piece.is_control) return false;
        text.remove_prefix(piece.bytes.size());
    }
    return true;
}

const std::vector<std::string> hostile{"a \"quoted\" text",
                                       "two\nlines\r",
                                       "\x1b[2J\x07\x7f",
                                       "\xc2\x9b"
                                       "31m",
                                       "\xff\xc3",
                                       std::string("nul \0", 5)};

}  // namespace

TEST_CASE("a text line has a time in UTC, a level and the event") {
    const scratch_log at;
    make_log({"info", "text", ""}, std::make_shared<log_file>(at.path()))->info("leading group=orders term=7");
    CHECK(std::regex_match(at.text(),
                           std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info leading group=orders term=7\n)")));
}

TEST_CASE("a JSON line quotes whatever the event says") {
    const scratch_log at;
    make_log({"info", "json", ""}, std::make_shared<log_file>(at.path()))->warn("refused why=\"no\ntable\"");
    CHECK(at.text().ends_with("\"level\":\"warning\",\"message\":\"refused why=\\\"no\\ntable\\\"\"}\n"));
}

TEST_CASE("what is below the level is not written") {
    const scratch_log at;
    make_log({"warning", "text", ""}, std::make_shared<log_file>(at.path()))->info("quiet");
    CHECK(at.text().empty());
}

TEST_CASE("a log that was moved away is opened anew") {
    const scratch_log at;
    const auto file = std::make_shared<log_file>(at.path());
    const auto log = make_log({"info", "text", ""}, file);
    log->info("before");
    std::filesystem::rename(at.path(), at.path() + ".1");
    file->reopen();
    log->info("after");
    CHECK(at.text().ends_with("after\n"));
    CHECK(at.text().find("before") == std::string::npos);
}

TEST_CASE("a text line stays one line, whatever the event says") {
    const scratch_log at;
    make_log({"info", "text", ""}, std::make_shared<log_file>(at.path()))->info("refused reason=\"a\nb\"");
    CHECK(at.text().ends_with(" info refused reason=\"a\\nb\"\n"));
}

TEST_CASE("a JSON line has the event and its fields as members") {
    const auto line = logged("json", [] {
        log_warn("link_lost").with("group", "orders").with("term", 7U).with("reason", "ERROR: \"k\"\n\x1b[2J");
    });
    CHECK(is_one_harmless_line(line));
    const auto read = boost::json::parse(line).as_object();
    CHECK(read.at("level") == "warning");
    CHECK(read.at("event") == "link_lost");
    CHECK(read.at("group") == "orders");
    CHECK(read.at("term") == "7");
    CHECK(read.at("reason") == "ERROR: \"k\"\n\x1b[2J");
    CHECK(read.contains("time"));
    CHECK_FALSE(read.contains("message"));
}

TEST_CASE("a JSON line never has a member twice") {
    const auto line = logged("json", [] { log().info("odd level=1 reason=a reason=b"); });
    CHECK(boost::json::parse(line).as_object().at("message") == "odd level=1 reason=a reason=b");
}

TEST_CASE("whatever a text holds, a log line is one line that steers no terminal and reads back") {
    for (const auto& value : hostile) {
        const auto write = [&] { log_warn("request_failed").with("path", value).with("reason", value); };
        const auto text = logged("text", write);
        CAPTURE(text);
        CHECK(is_one_harmless_line(text));
        const auto event = text.find("request_failed");
        REQUIRE(event != std::string::npos);
        const auto line = parse_log_line(std::string_view(text).substr(event, text.size() - event - 1));
        REQUIRE(line);
        CHECK(line->field("reason") == value);
        const auto json = logged("json", write);
        CHECK(is_one_harmless_line(json));
        CHECK(boost::json::parse(json).as_object().at("event") == "request_failed");
    }
}

TEST_CASE("what others log is one harmless line, too") {
    for (const auto& value : hostile) {
        for (const auto* format : {"text", "json"}) {
            CHECK(is_one_harmless_line(logged(format, [&] { log().warn("{}", value); })));
        }
    }
}
