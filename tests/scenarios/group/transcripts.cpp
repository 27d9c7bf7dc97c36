#include "group/leader_link.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

using namespace penholder;
using namespace penholder::group;
using namespace std::chrono_literals;

namespace {

std::string text(const link_action& one) {
    const auto number = [](auto value) { return " " + std::to_string(value.value); };
    if (const auto* what = std::get_if<action::open_link>(&one)) {
        const auto& to = what->target;
        return "open" + number(what->link) + " to " + to.leader + number(to.term) +
               (to.leader_life ? " life " + std::to_string(to.leader_life->value) : "");
    }
    if (const auto* what = std::get_if<action::close_link>(&one)) return "close" + number(what->link);
    if (const auto* what = std::get_if<action::log>(&one)) return "log " + std::string(what->event);
    if (const auto* what = std::get_if<leader_linked>(&one)) {
        return "linked to " + what->leader.leader + number(what->leader.term) +
               (what->was_awaited ? ", which serves now" : "");
    }
    if (const auto* what = std::get_if<leader_unlinked>(&one)) {
        return what->broke ? "unlinked: it broke" : "unlinked: closed";
    }
    const auto& dead = std::get<leader_dead>(one).proof;
    return "dead: " + dead.node + number(dead.term) + ", " + dead.evidence;
}

wire::loss loss_by(const std::string& name) {
    static const std::map<std::string, wire::loss> all{{"reset", wire::loss::reset},
                                                       {"refused", wire::loss::refused},
                                                       {"silent", wire::loss::silent},
                                                       {"replaced", wire::loss::replaced},
                                                       {"closed", wire::loss::closed},
                                                       {"protocol", wire::loss::protocol},
                                                       {"unauthorized", wire::loss::unauthorized}};
    return all.at(name);
}

/// A link on a table: time stands still until the transcript moves it.
struct player {
    leader_link link{"orders", "a", 2s};
    link_id last;
    time_point now = time_point{} + 12h;

    link_actions play(std::istringstream line) {
        std::string event;
        std::string name;
        std::uint64_t number = 0;
        line >> event;
        if (event == "follow" || event == "await") {
            line >> name >> number;
            const link_target leader{term{number}, name, name + ":1", std::nullopt};
            return event == "follow" ? link.follow(leader) : link.await(leader);
        }
        if (event == "expect_nobody") return link.expect_nobody(), link_actions{};
        if (event == "close") return link.close();
        if (event == "pass") {
            line >> number;
            now += std::chrono::milliseconds(number);
            return {};
        }
        if (event == "up") {
            line >> number;
            return link.up(last, incarnation{number}, 100);
        }
        if (event == "old_link_up") return link.up(link_id{last.value - 1}, incarnation{9}, 100);
        REQUIRE(event == "lost");
        line >> name;
        return link.lost(last, {loss_by(name), {errc::link_lost, name}, link.is_up(), {}}, now);
    }
};

// The transcript as the link is really supervised: events at the margin, what came of each below it.
std::string played(const std::string& transcript) {
    player on;
    std::istringstream lines(transcript);
    std::string out;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("    ")) continue;
        out += line + "\n";
        if (line.empty() || line.front() == '#') continue;
        for (const auto& one : on.play(std::istringstream(line))) {
            if (const auto* opened = std::get_if<action::open_link>(&one)) on.last = opened->link;
            out += "    " + text(one) + "\n";
        }
    }
    return out;
}

}  // namespace

TEST_CASE("the link to the leader is supervised as every transcript says") {
    const std::filesystem::path folder = std::filesystem::path(PENHOLDER_SOURCE_DIR) / "tests/scenarios/group";
    int found = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".txt") continue;
        ++found;
        std::ostringstream transcript;
        transcript << std::ifstream(entry.path()).rdbuf();
        INFO(entry.path().filename().string());
        CHECK(played(transcript.str()) == transcript.str());
    }
    CHECK(found >= 6);
}
