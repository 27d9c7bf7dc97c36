#include "outside_build.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <iterator>
#include <regex>

using namespace penholder::testing;

namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
    std::ifstream from(file);
    return {std::istreambuf_iterator<char>(from), {}};
}

std::string package_file(const std::string& name) {
    for (const auto& each : fs::recursive_directory_iterator(outside_build::shared().prefix())) {
        if (each.path().filename() == name) return text_of(each.path());
    }
    return {};
}

}  // namespace

TEST_CASE("the package hands none of its own definitions to those who use it") {
    const auto targets = package_file("penholder-targets.cmake");
    REQUIRE_FALSE(targets.empty());
    CHECK(targets.find("INTERFACE_COMPILE_DEFINITIONS") == std::string::npos);
    CHECK(targets.find("BOOST_ASIO_NO_DEPRECATED") == std::string::npos);
}

TEST_CASE("headers, package and programs tell one version") {
    const auto header = package_file("version.hpp");
    std::string dotted;
    for (const std::string part : {"MAJOR", "MINOR", "PATCH"}) {
        std::smatch found;
        REQUIRE(std::regex_search(header, found, std::regex("define PENHOLDER_VERSION_" + part + " ([0-9]+)")));
        dotted += (dotted.empty() ? "" : ".") + found[1].str();
    }
    CHECK(package_file("penholder-config-version.cmake").find("PACKAGE_VERSION \"" + dotted + "\"") !=
          std::string::npos);
    CHECK_FALSE(package_file("log.hpp").empty());
    CHECK_FALSE(package_file("option_problem.hpp").empty());
}
