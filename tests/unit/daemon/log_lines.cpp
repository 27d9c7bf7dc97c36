#include "daemon/log_lines.hpp"

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
