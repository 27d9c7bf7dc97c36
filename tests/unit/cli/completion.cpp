#include "cli/command_line.hpp"
#include "cli/command_tree.hpp"
#include "console.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace {

using namespace penholder::cli;

TEST_CASE("every shell's script knows every command and every flag") {
    const command_line line;
    for (const auto* shell : {"bash", "zsh", "fish"}) {
        const ended made = run_cli({"completion", shell});
        REQUIRE(made.code == 0);
        CAPTURE(shell);
        for (const command_description& command : all_commands(line.app())) {
            CHECK(made.out.find(command.name) != std::string::npos);
            for (const flag_description& flag : command.flags)
                CHECK(made.out.find(flag.long_name) != std::string::npos);
        }
        for (const flag_description& flag : flags_of(line.app())) {
            CHECK(made.out.find(flag.long_name) != std::string::npos);
        }
    }
}

TEST_CASE("choices and files are completed as such") {
    const command_line line;
    const auto common = flags_of(line.app());
    const auto output = std::ranges::find(common, "output", &flag_description::long_name);
    REQUIRE(output != common.end());
    CHECK(output->choices == std::vector<std::string>{"table", "json", "yaml", "tsv"});
    const auto config = std::ranges::find(common, "config", &flag_description::long_name);
    REQUIRE(config != common.end());
    CHECK(config->takes_file);
    const auto help = std::ranges::find(common, "help", &flag_description::long_name);
    REQUIRE(help != common.end());
    CHECK_FALSE(help->takes_value);
}

TEST_CASE("bash completes with the script that is printed") {
    const std::string file = std::string(std::getenv("TMPDIR") != nullptr ? std::getenv("TMPDIR") : "/tmp") +
                             "/penholder-completion-" + std::to_string(std::rand()) + ".bash";
    std::ofstream(file)
        << run_cli({"completion", "bash"}).out
        << "try() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _penholder; echo \"${COMPREPLY[*]}\"; }\n"
           "try penholder hand\n"
           "try penholder status -o js\n"
           "try penholder handover --t\n"
           "try penholder completion f\n";
    std::FILE* shell = popen(("bash '" + file + "' 2>&1").c_str(), "r");
    REQUIRE(shell != nullptr);
    std::string said;
    for (int c = std::fgetc(shell); c != EOF; c = std::fgetc(shell)) said += static_cast<char>(c);
    pclose(shell);
    std::remove(file.c_str());
    CHECK(said == "handover\njson\n--to --timeout --token-file\nfish\n");
}

TEST_CASE("a script comes in every format") {
    const ended made = run_cli({"completion", "fish", "-o", "json"});
    CHECK(boost::json::parse(made.out).at("shell") == "fish");
    CHECK(run_cli({"completion", "fish", "-o", "tsv"}).out.starts_with("shell\tscript\nfish\t"));
    CHECK(run_cli({"completion", "fish", "-o", "yaml"}).out.starts_with("shell: fish\nscript: "));
}

}  // namespace
