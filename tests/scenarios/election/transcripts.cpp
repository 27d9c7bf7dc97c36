#include "world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

// A transcript is a story: commands, then "----", then what the electors did, up to an empty line. Lines that begin
// with
// '#' are for the reader. Run with PENHOLDER_REWRITE=1 to write down anew what happens, then read the difference.

namespace penholder::scenario {
namespace {

namespace event = election::event;

std::vector<std::string> words_of(const std::string& line) {
    std::istringstream in(line);
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    return words;
}

/// The value of "name=value" among `words`, or `otherwise`.
std::string option(const std::vector<std::string>& words, const std::string& name, std::string otherwise) {
    for (const auto& word : words) {
        if (word.starts_with(name + "=")) return word.substr(name.size() + 1);
    }
    return otherwise;
}

bool flag(const std::vector<std::string>& words, const std::string& name) {
    return std::ranges::find(words, name) != words.end();
}

term number(const std::vector<std::string>& words, const std::string& name) {
    return {std::stoull(option(words, name, "0"))};
}

election::control_record control_of(const std::vector<std::string>& words) {
    election::control_record wanted{flag(words, "paused"), std::nullopt};
    wanted.adopted_database = option(words, "adopted", "");
    const auto to = option(words, "handover", "");
    if (!to.empty()) wanted.handover = election::handover_request{to, number(words, "from")};
    return wanted;
}

election::timer timer_of(const std::string& word) {
    if (word == "retry") return election::timer::retry;
    if (word == "fence_backoff") return election::timer::fence_backoff;
    if (word == "heir") return election::timer::heir;
    if (word == "drain") return election::timer::drain;
    if (word == "turn") return election::timer::turn;
    if (word == "eviction") return election::timer::eviction;
    if (word == "rival") return election::timer::rival;
    if (word == "unreached") return election::timer::unreached;
    if (word == "peace") return election::timer::peace;
    if (word == "news") return election::timer::news;
    return election::timer::vacancy;
}

/// Commands about the ensemble itself.
bool act_on_ensemble(world& in, const std::vector<std::string>& words) {
    const auto& verb = words.front();
    if (verb == "settle") return in.settle(), true;
    if (verb == "control") return in.ensemble().set_control(control_of(words)), true;
    if (verb == "remove-group") return in.ensemble().remove_everything(), true;
    if (verb == "forget-terms") return in.ensemble().forget_terms(), true;
    if (verb == "remove-leader") return in.ensemble().remove_leader(), true;
    if (verb == "overwrite-leader") return in.ensemble().overwrite_leader(), true;
    if (verb == "orphan-leader") return in.ensemble().orphan_leader(), true;
    if (verb == "orphan-member") return in.ensemble().orphan_member(words.at(1)), true;
    if (verb == "orphan-candidate") return in.ensemble().orphan_candidate(words.at(1)), true;
    return false;
}

/// What happens to a node's session.
bool act_on_session(world& in, const std::vector<std::string>& words) {
    const auto& verb = words.front();
    const auto& who = words.at(1);
    if (verb == "connect") return in.connect(who), true;
    if (verb == "suspend") return in.suspend(who), true;
    if (verb == "expire") return in.expire(who), true;
    if (verb == "end-silently") return in.end_silently(who), true;
    if (verb == "kill") return in.kill(who), true;
    if (verb == "die") return in.die(who), true;
    if (verb == "end-session") return in.end_session_of(who), true;
    if (verb == "lose-reply") return in.lose_next_reply(who), true;
    if (verb == "step") return in.step(who), true;
    if (verb == "fire") return in.fire(who, timer_of(words.at(2))), true;
    return false;
}

/// What a node's host says.
bool act_on_host(world& in, const std::vector<std::string>& words) {
    const auto& verb = words.front();
    const auto& who = words.at(1);
    if (verb == "eligible") return in.tell(who, event::eligibility{true}), true;
    if (verb == "ineligible") return in.tell(who, event::eligibility{false}), true;
    if (verb == "database") return in.tell(who, event::database_found{option(words, "is", "")}), true;
    if (verb == "database-term") return in.tell(who, event::database_term{number(words, "term")}), true;
    if (verb == "process_death") return in.bring_process_death(who, option(words, "incarnation", "")), true;
    if (verb == "heard") return in.tell(who, event::leader_heard{number(words, "term")}), true;
    if (verb == "unreached") return in.tell(who, event::unreached{}), true;
    if (verb == "reached") return in.tell(who, event::reached{}), true;
    if (verb == "resign") return in.tell(who, event::resign{}), true;
    if (verb == "stop") return in.tell(who, event::stop{}), true;
    if (verb == "hold-host") return in.hold_host(who), true;
    if (verb == "answer-host") return in.answer_host(who), true;
    if (verb == "fenced") {
        const auto leader = option(words, "leader", "");
        return in.tell(who, event::fenced{number(words, "by"), leader, leader + ":7431"}), true;
    }
    if (verb == "fail-fence") {
        const auto seen = number(words, "seen");
        return in.fail_fence(who, seen == term{} ? std::nullopt : std::optional(seen)), true;
    }
    return false;
}

void act(world& in, const std::vector<std::string>& words) {
    if (words.front() == "add") {
        return in.add(words.at(1),
                      {std::stoi(option(words, "priority", "0")), flag(words, "observer"), !flag(words, "ineligible"),
                       std::stoul(option(words, "evictions", "5")), flag(words, "database")});
    }
    if (act_on_ensemble(in, words)) return;
    if (act_on_session(in, words) || act_on_host(in, words)) return;
    throw std::runtime_error("a transcript has no command '" + words.front() + "'");
}

/// Plays a transcript and answers it as it should read.
std::string play(std::istream& transcript) {
    world in;
    std::string told;
    bool skipping = false;
    for (std::string line; std::getline(transcript, line);) {
        if (skipping && !line.empty()) continue;
        skipping = false;
        told += line + "\n";
        if (line.empty() || line.front() == '#') continue;
        if (line == "----") {
            told += in.take_log() + in.summary();
            skipping = true;
            continue;
        }
        act(in, words_of(line));
    }
    return told;
}

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
}

}  // namespace

TEST_CASE("elections go as their transcripts tell") {
    const auto folder = std::filesystem::path(PENHOLDER_SOURCE_DIR) / "tests" / "scenarios" / "election";
    int played = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".txt") continue;
        ++played;
        const auto written = read(entry.path());
        std::istringstream transcript(written);
        const auto told = play(transcript);
        if (std::getenv("PENHOLDER_REWRITE") != nullptr) std::ofstream(entry.path()) << told;
        INFO(entry.path());
        CHECK(told == (std::getenv("PENHOLDER_REWRITE") != nullptr ? told : written));
    }
    CHECK(played > 0);
}

}  // namespace penholder::scenario
