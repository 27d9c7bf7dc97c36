#include "support/patience.hpp"
#include "support/process.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <iterator>

using namespace penholder::testing;

TEST_CASE("a password in a connection string stands in no list of processes") {
    const std::string program = PENHOLDER_BINARY_DIR "/bin/penholder";
    for (const auto& flag :
         std::vector<std::vector<std::string>>{{"--database", "password=SEKRIT"}, {"--database=password=SEKRIT"}}) {
        std::vector<std::string> command{program, "doctor", "-z", "127.0.0.1:1", "-t", "10s"};
        command.insert(command.end(), flag.begin(), flag.end());
        const process asking({.command = command, .log_file = {}, .user = {}, .environment = {}, .directory = {}});
        const auto arguments = [&] {
            std::ifstream file("/proc/" + std::to_string(asking.pid()) + "/cmdline");
            return std::string(std::istreambuf_iterator<char>(file), {});
        };
        wait_until("it hides them", [&] { return arguments().find("***************") != std::string::npos; });
        CHECK(arguments().find("SEKRIT") == std::string::npos);
        CHECK(arguments().find("doctor") != std::string::npos);
    }
}
