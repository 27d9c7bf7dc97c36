#include "unit/write/router_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace penholder;
using namespace penholder::testing;

namespace {

std::string word(std::istringstream& from) {
    std::string one;
    from >> one;
    return one;
}

std::uint64_t number(std::istringstream& from) {
    return std::stoull(word(from));
}

// "committed", "in_doubt", "in_flight", "handed_back not_leader [7 n3]".
write_answer answer_from(std::istringstream& line) {
    const auto verdict = word(line);
    if (verdict == "committed") return bench::committed();
    if (verdict == "in_doubt") return bench::doubtful();
    if (verdict == "in_flight") return bench::busy();
    const auto why = errc_from_string(word(line)).value();
    auto made = handed_back(why, "so it says");
    if (const auto newer = word(line); !newer.empty()) made.hint = leader_hint{{std::stoull(newer)}, word(line), ""};
    return made;
}

actions play(bench& on, std::istringstream line) {
    auto& routed = on.routed;
    const auto event = word(line);
    if (event == "submit") {
        const auto id = word(line);
        return on.submit(id, std::chrono::milliseconds(number(line)));
    }
    if (event == "leader_here") return routed.leader_here(term{number(line)}, on.now);
    if (event == "leader_there") {
        const term its{number(line)};
        return routed.leader_there(its, word(line), "127.0.0.1:1", on.now);
    }
    if (event == "leader_unknown") return routed.leader_unknown(on.now);
    if (event == "link_up") return routed.link_up(term{number(line)}, 100, on.now);
    if (event == "link_down") return routed.link_down(on.now);
    if (event == "pass") return on.pass(std::chrono::milliseconds(number(line)));
    if (event == "stop") return routed.stop(on.now);
    if (event == "give_up") return routed.give_up(on.now);
    REQUIRE(event == "answered");
    const auto which = number(line);
    return on.reply(which, answer_from(line));
}

// The transcript as the router really plays it: events at the margin, what came of each below it.
std::string played(const std::string& transcript) {
    bench on;
    std::istringstream lines(transcript);
    std::string out;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("    ")) continue;
        out += line + "\n";
        if (line.empty() || line.front() == '#') continue;
        for (const auto& one : play(on, std::istringstream(line))) out += "    " + text(one) + "\n";
    }
    return out;
}

}  // namespace

TEST_CASE("the router plays every transcript as it is written") {
    const std::filesystem::path folder = std::filesystem::path(PENHOLDER_SOURCE_DIR) / "tests/scenarios/write";
    int found = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".txt") continue;
        ++found;
        std::ostringstream transcript;
        transcript << std::ifstream(entry.path()).rdbuf();
        INFO(entry.path().filename().string());
        CHECK(played(transcript.str()) == transcript.str());
    }
    CHECK(found >= 5);
}
