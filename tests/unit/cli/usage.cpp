#include "console.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace penholder::cli;
using words = std::vector<std::string>;

const words every_command{"init",           "status",  "leader", "members",      "history",    "watch", "write",
                          "handover",       "resign",  "pause",  "resume",       "evict",      "drain", "undrain",
                          "adopt-database", "explain", "doctor", "config-check", "completion", "forget"};

TEST_CASE("help is an answer on stdout and names every command") {
    const ended help = run_cli({"--help"});
    CHECK(help.code == 0);
    CHECK(help.err.empty());
    for (const std::string& each : every_command) CHECK(help.out.find("  " + each + " ") != std::string::npos);
    CHECK(help.out.find("Exit codes") != std::string::npos);
}

TEST_CASE("each command has its own help") {
    for (const std::string& each : every_command) {
        const ended help = run_cli({each, "--help"});
        CHECK(help.code == 0);
        CHECK_FALSE(help.out.empty());
    }
}

TEST_CASE("the version is an answer on stdout") {
    const ended version = run_cli({"--version"});
    CHECK(version.code == 0);
    CHECK(version.out == "0.1.0\n");
}

TEST_CASE("usage errors end with 2, say what to do and print no data") {
    const std::vector<words> wrong{{},
                                   {"stat"},
                                   {"status", "--nonsense"},
                                   {"status", "-o", "xml"},
                                   {"status", "--timeout", "soon"},
                                   {"status", "superfluous"},
                                   {"write"},
                                   {"write", "--expect-rows", "many", "SELECT 1"},
                                   {"evict"},
                                   {"explain"},
                                   {"explain", "SELECT 1"},
                                   {"config-check"},
                                   {"completion"},
                                   {"completion", "tcsh"},
                                   {"watch", "--for", "ever"},
                                   {"status", "--node", "https://example.org"},
                                   {"status", "--token-file", "/nonexistent/token", "--node", "127.0.0.1:1"}};
    for (const words& each : wrong) {
        const ended refused = run_cli(each);
        CAPTURE(each, refused.err);
        CHECK(refused.code == 2);
        CHECK(refused.out.empty());
        CHECK(refused.err.starts_with("penholder: "));
    }
}

TEST_CASE("a word that is no command is named, with the one that was meant") {
    CHECK(run_cli({"statsu"}).err.starts_with("penholder: there is no command 'statsu'; did you mean 'status'? "));
    CHECK(run_cli({"foo"}).err.starts_with("penholder: there is no command 'foo'; "));
    CHECK(run_cli({"-g", "orders", "membres"}).err.find("'membres'; did you mean 'members'?") != std::string::npos);
    CHECK(run_cli({}).err.find("there is no command") == std::string::npos);
}

TEST_CASE("a format that there is not is named, with those there are") {
    CHECK(run_cli({"status", "-o", "xml"}).err.find("'xml' is no format; choose table, json, yaml or tsv") !=
          std::string::npos);
    CHECK(run_cli({"config-check", "/nonexistent", "-o", "json"}).out.find("\"valid\"") != std::string::npos);
}

TEST_CASE("no time at all is no time-out") {
    const ended refused = run_cli({"status", "-t", "0", "-z", "127.0.0.1:1"});
    CHECK(refused.code == 2);
    CHECK(refused.err.find("0 leaves nobody time") != std::string::npos);
}

TEST_CASE("commands that need to ask somebody say how to tell them whom") {
    for (const auto* each :
         {"status", "leader", "members", "history", "watch", "handover", "resign", "pause", "resume", "doctor"}) {
        const ended refused = run_cli({each});
        CAPTURE(each);
        CHECK(refused.code == 2);
        CHECK(refused.err.find("--zookeeper") != std::string::npos);
    }
    CHECK(run_cli({"evict", "orders-1", "--yes"}).code == 2);
    CHECK(run_cli({"init"}).code == 2);
    CHECK(run_cli({"write", "SELECT 1"}).code == 2);
}

TEST_CASE("a configuration that cannot be read is told before anything is asked") {
    const ended refused = run_cli({"status", "--config", "/nonexistent/penholderd.toml"});
    CHECK(refused.code == 1);
    CHECK(refused.err.find("/nonexistent/penholderd.toml") != std::string::npos);
}

TEST_CASE("nodes that nobody runs are an error that names them") {
    const ended refused = run_cli({"status", "-n", "127.0.0.1:1", "-n", "unix:/nonexistent/p.sock", "-t", "2s"});
    CHECK(refused.code == 1);
    CHECK(refused.err.find("http://127.0.0.1:1") != std::string::npos);
    CHECK(refused.err.find("unix:/nonexistent/p.sock") != std::string::npos);
    CHECK(run_cli({"status"}, "", {{"PENHOLDER_NODES", "127.0.0.1:1"}}).code == 1);
}

TEST_CASE("an ensemble that nobody runs ends with 5 within the time-out") {
    const auto begun = std::chrono::steady_clock::now();
    for (const auto* each : {"status", "leader", "members", "history", "watch", "handover", "pause", "resume"}) {
        const ended refused = run_cli({each, "-z", "127.0.0.1:1", "--timeout", "200ms"});
        CAPTURE(each, refused.err);
        CHECK(refused.code == 5);
        CHECK(refused.out.empty());
    }
    CHECK(run_cli({"evict", "orders-1", "--yes", "-z", "127.0.0.1:1", "--timeout", "200ms"}).code == 5);
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(20));
}

TEST_CASE("a write that is no JSON on standard input is a usage error") {
    const ended refused = run_cli({"write", "-", "-n", "127.0.0.1:1"}, "{nonsense");
    CHECK(refused.code == 2);
    CHECK(refused.err.find("standard input") != std::string::npos);
}

}  // namespace
