#include "source_tree.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>

using namespace penholder::testing;

namespace {

/// The sources of rooms that decide whose rules are tested under another name, and where or why.
const std::map<std::string, std::string>& tested_elsewhere() {
    static const std::map<std::string, std::string> all{
        {"lib/base/log.cpp", "Where the log goes: tests/unit/base/log_event.cpp reads what was written there."},
        {"lib/base/log_line.cpp", "tests/unit/base/log_event.cpp reads every line back with it."},
        {"lib/model/option_table.cpp", "tests/unit/model/option_rules.cpp and tests/unit/config go through its rows."},
    };
    return all;
}

std::string test_of(const std::string& source) {
    return "tests/unit" + source.substr(std::string("lib").size());
}

bool exists(const std::string& path) {
    return std::filesystem::exists(std::filesystem::path(PENHOLDER_SOURCE_DIR) / path);
}

}  // namespace

TEST_CASE("every source of a room that decides has a unit test of its name") {
    for (const auto* room : {"base", "model", "sql", "ledger", "election", "write", "wire", "lane", "group"}) {
        for (const auto& file : sources_below(std::string("lib/") + room, {".cpp"})) {
            INFO(file.path << " wants " << test_of(file.path) << ", or a reason here");
            CHECK((exists(test_of(file.path)) || tested_elsewhere().contains(file.path)));
        }
    }
}

TEST_CASE("every source that is excepted from that is there, and has no such test") {
    for (const auto& [source, reason] : tested_elsewhere()) {
        INFO(source);
        CHECK(exists(source));
        CHECK_FALSE(exists(test_of(source)));
        CHECK(reason.size() > 20);
    }
}
