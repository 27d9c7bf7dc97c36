#include "source_tree.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::testing;

namespace {

std::vector<source_file> all_code() {
    return sources_below("", {".hpp", ".cpp", ".proto"});
}

bool is_this_file(const source_file& file) {
    return file.path == "tests/unit/docs/style.cpp";
}

// No line of the project's code may contain `word`.
void check_absent(const std::regex& word) {
    for (const auto& file : all_code()) {
        if (is_this_file(file)) continue;
        for (const auto& found : all_matches(file, word)) {
            INFO(file.path << " says " << found);
            CHECK(found.empty());
        }
    }
}

}  // namespace

TEST_CASE("no file is longer than 400 lines") {
    for (const auto& file : all_code()) {
        INFO(file.path);
        CHECK(file.lines.size() <= 400);
    }
}

TEST_CASE("every header is included once") {
    for (const auto& file : sources_below("", {".hpp"})) {
        INFO(file.path);
        CHECK(std::ranges::count(file.lines, file.path.ends_with("precompiled.hpp") ? "" : "#pragma once") >= 1);
    }
}

TEST_CASE("no name says manager, helper, utils, master or lease") {
    check_absent(
        // But for OpenSSL's `master_key`.
        std::regex(R"((?:^|[^a-z])((?:manager|helper|util|utils|master(?!_key)|lease)s?)(?![a-z]))",
                   std::regex::icase));
}

TEST_CASE("nothing is left to be done later") {
    check_absent(std::regex(R"(\b(TODO|FIXME|XXX|HACK)\b)"));
}

TEST_CASE("files are nouns in lower case") {
    static const std::regex allowed(R"([a-z0-9_/.-]+)");
    for (const auto& file : all_code()) {
        INFO(file.path);
        CHECK(std::regex_match(file.path, allowed));
    }
}

TEST_CASE("no test sleeps: it waits for what it wants to see") {
    static const std::regex sleeping(R"(\b(sleep_for|sleep_until|usleep|nanosleep)\b)");
    // The one place that asks again and again, and a load that comes at a pace.
    const std::set<std::string> allowed{"tests/support/patience.cpp", "tests/integration/bounds/paced_load.cpp"};
    for (const auto* folder : {"tests/unit", "tests/scenarios", "tests/integration", "tests/support"}) {
        for (const auto& file : sources_below(folder, {".hpp", ".cpp"})) {
            if (allowed.contains(file.path) || is_this_file(file)) continue;
            INFO(file.path);
            CHECK(all_matches(file, sleeping).empty());
        }
    }
}

TEST_CASE("the product makes no mistake on purpose: its mutations are patches") {
    static const std::regex mutation(R"(\b(mutat[a-z_]*|mutants?)\b)", std::regex::icase);
    for (const auto* folder : {"lib", "api", "config", "daemon", "cli"}) {
        for (const auto& file : sources_below(folder, {".hpp", ".cpp"})) {
            INFO(file.path);
            CHECK(all_matches(file, mutation).empty());
        }
    }
}
