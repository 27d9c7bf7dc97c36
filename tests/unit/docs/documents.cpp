#include "source_tree.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <iterator>

using namespace penholder::testing;

namespace {

std::set<std::string> matches_below(const std::string& folder, const std::regex& pattern) {
    std::set<std::string> found;
    for (const auto& file : sources_below(folder, {".hpp", ".cpp"})) found.merge(all_matches(file, pattern));
    return found;
}

// The words between the parentheses of install-dependencies' lists.
std::set<std::string> installed_packages() {
    static const std::regex list(R"(^[a-z]+_packages=\(.*)");
    static const std::regex word(R"(\b([a-z][a-z0-9.+-]+)(?![a-z0-9_=.-]))");
    std::set<std::string> packages;
    bool inside = false;
    for (const auto& line : read_source("deploy/install-dependencies").lines) {
        inside = inside || std::regex_match(line, list);
        if (inside) packages.merge(all_matches({"", {line.substr(line.find('(') + 1)}}, word));
        if (line.ends_with(")")) inside = false;
    }
    return packages;
}

}  // namespace

TEST_CASE("docs/metrics.md names every metric that penholderd has, and no other") {
    const auto documented = all_matches(read_source("docs/metrics.md"), std::regex(R"(^\|\s*`(penholder_[a-z_]+))"));
    CHECK(documented == matches_below("daemon", std::regex(R"re("(penholder_[a-z_]+)")re")));
}

TEST_CASE("docs/cli.md has a heading for every command, and for no other") {
    const auto documented = all_matches(read_source("docs/cli.md"), std::regex(R"(^#+ `?(?:penholder )?([a-z-]+)`?$)"));
    CHECK(documented == matches_below("cli/commands", std::regex(R"re(\.add\(\s*"([a-z-]+)")re")));
}

TEST_CASE("docs/simulation.md says of every mutation which rule it breaks, and of no other") {
    const auto documented = all_matches(read_source("docs/simulation.md"), std::regex(R"(^\| `([a-z]+_[a-z_]+)` \|)"));
    const auto known =
        all_matches(read_source("tests/mutants/mutation.cpp"), std::regex(R"re(\{mutation::[a-z_]+, "([a-z_]+)"\})re"));
    CHECK(documented == known);
    CHECK(known.size() >= 15);
}

TEST_CASE("every link between documents leads somewhere") {
    static const std::regex link(R"(\]\(([^)#:]+)(?:#[^)]*)?\))");
    for (const auto& page : sources_below("", {".md"})) {
        const auto folder =
            std::filesystem::path(PENHOLDER_SOURCE_DIR) / std::filesystem::path(page.path).parent_path();
        for (const auto& target : all_matches(page, link)) {
            INFO(page.path << " links to " << target);
            CHECK(std::filesystem::exists(folder / target));
        }
    }
}

TEST_CASE("docs/bounds.md names keys that exist, and every key that is a bound") {
    static const std::regex key(R"re(\{"([a-z]+)", "([a-z_]+)")re");
    static const std::regex mention(R"re(`((?:node|zookeeper|link|http|log|group)\.[a-z_]+)`)re");
    std::set<std::string> known;
    std::set<std::string> bounds;
    auto keys = read_source("config/keys.cpp").lines;
    std::ranges::copy(read_source("lib/model/option_table.cpp").lines, std::back_inserter(keys));
    for (const auto& line : keys) {
        std::smatch found;
        if (!std::regex_search(line, found, key)) continue;
        const auto name = found[1].str() + "." + found[2].str();
        known.insert(name);
        if (name.find("max") != std::string::npos) bounds.insert(name);
    }
    const auto named = all_matches(read_source("docs/bounds.md"), mention);
    CHECK(bounds.size() > 10);
    for (const auto& name : named) {
        INFO(name);
        CHECK(known.contains(name));
    }
    for (const auto& name : bounds) {
        INFO(name);
        CHECK(named.contains(name));
    }
}

TEST_CASE("every package that is installed has its reason in docs/dependencies.md") {
    const auto reasons = all_matches(read_source("docs/dependencies.md"), std::regex(R"(^\| `([a-z0-9.+-]+)` \|)"));
    const auto packages = installed_packages();
    CHECK(packages.size() > 20);
    for (const auto& name : packages) {
        INFO(name);
        CHECK(reasons.contains(name));
    }
}
