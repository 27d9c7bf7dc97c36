#include "tcp/binding.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <string>
#include <sys/stat.h>

using penholder::tcp::binding_of;

TEST_CASE("what is bound is told by boot, network namespace and address") {
    std::string boot;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
    struct stat space = {};
    REQUIRE(::stat("/proc/self/ns/net", &space) == 0);
    CHECK(binding_of("127.0.0.1:7420") == boot + " net:[" + std::to_string(space.st_ino) + "] 127.0.0.1:7420");
}

TEST_CASE("another address is another binding") {
    CHECK(binding_of("127.0.0.1:7420") != binding_of("127.0.0.1:7421"));
    CHECK(binding_of("127.0.0.1:7420") == binding_of("127.0.0.1:7420"));
}
