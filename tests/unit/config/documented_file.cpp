#include "config/configuration.hpp"
#include "config/keys.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <regex>
#include <set>

using namespace penholder;
using namespace penholder::config;

namespace {

const std::string documented = std::string(PENHOLDER_SOURCE_DIR) + "/config/penholderd.toml";

/// "table.key" of every key in the file, those that are commented out included.
std::set<std::string> keys_in_file() {
    std::set<std::string> found;
    std::ifstream file(documented);
    std::string table;
    std::smatch match;
    for (std::string line; std::getline(file, line);) {
        if (std::regex_match(line, match, std::regex(R"(\[\[?([a-z]+)\]\]?)"))) table = match[1];
        if (std::regex_match(line, match, std::regex(R"(#?([a-z_]+) = .*)")))
            found.insert(table + "." + match[1].str());
    }
    return found;
}

std::string printed(option_slot value) {
    return std::visit(
        [](auto* at) -> std::string {
            if constexpr (std::is_same_v<decltype(at), std::string*>) {
                return *at;
            } else if constexpr (std::is_same_v<decltype(at), std::vector<std::string>*>) {
                std::string all;
                for (const auto& each : *at) all += each + ";";
                return all;
            } else {
                return std::to_string(*at);
            }
        },
        value);
}

}  // namespace

TEST_CASE("the documented file has every key that the parser knows, and no other") {
    std::set<std::string> known;
    for (const auto table : tables()) {
        for (const auto& name : names_in(table)) known.insert(std::string(table) + "." + name);
    }
    CHECK(keys_in_file() == known);
}

TEST_CASE("the documented file loads as it is") {
    const auto settings = read(documented);
    REQUIRE(settings.has_value());
    CHECK(settings->node.name == "orders-1");
    CHECK(settings->node.http_endpoint == "127.0.0.1:7432");
    CHECK(settings->node.groups.size() == 1);
    CHECK(settings->warnings.empty());
}

TEST_CASE("the documented values are the defaults") {
    const std::set<std::string> own{"node.name",   "zookeeper.hosts", "link.listen",
                                    "http.listen", "group.name",      "group.database"};
    auto settings = *read(documented);
    configuration plain;
    group_options plain_group;
    for (const auto& each : keys()) {
        const auto name = std::string(each.table) + "." + std::string(each.name);
        INFO(name);
        if (own.contains(name)) continue;
        CHECK(printed(each.at({settings, settings.node.groups[0]})) == printed(each.at({plain, plain_group})));
    }
}
