#include "leader_changes/latch.hpp"

#include "support/patience.hpp"

#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <sstream>
#include <thread>

namespace penholder::bench {
namespace {

using namespace std::chrono_literals;

std::string class_path() {
    std::string all;
    for (const auto* jar : {"curator-recipes", "curator-framework", "curator-client", "zookeeper", "zookeeper-jute",
                            "guava", "slf4j-api", "slf4j-nop", "netty"}) {
        all += "/usr/share/java/" + std::string(jar) + ".jar:";
    }
    return all;
}

/// The last thing that a contender said, and when, in microseconds since 1970.
struct saying {
    std::string what;
    std::int64_t at_us = 0;
};

/// The last time that it said whether it leads; nothing when it has not joined yet.
std::optional<saying> last_saying(const std::string& log) {
    std::optional<saying> last;
    bool joined = false;
    std::istringstream lines(log);
    for (saying one; lines >> one.what >> one.at_us;) {
        joined = joined || one.what == "joined";
        if (one.what != "joined" || !last) last = one;
    }
    return joined ? last : std::nullopt;
}

std::int64_t now_us() {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

}  // namespace

latch_stage::latch_stage(testing::zookeeper_ensemble& ensemble, int session_ms)
    : hosts_(ensemble.connect_string()), session_ms_(session_ms), contenders_(3) {
    testing::run({.command = {"javac", "-cp", class_path(), "-d", folder_.path().string(),
                              PENHOLDER_SOURCE_DIR "/bench/leader_changes/LatchContender.java"}});
    for (std::size_t i = 0; i < contenders_.size(); ++i) start(i);
}

void latch_stage::start(std::size_t index) {
    const auto name = "contender-" + std::to_string(index);
    std::filesystem::remove(folder_ / (name + ".log"));
    contenders_[index] = std::make_unique<testing::process>(
        testing::process_options{.command = {"java", "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
                                             class_path() + folder_.path().string(), "LatchContender", hosts_,
                                             std::to_string(session_ms_), name},
                                 .log_file = folder_ / (name + ".log")});
}

std::size_t latch_stage::settled_leader() {
    std::size_t leader = 0;
    testing::wait_until(
        "one contender leads and all have joined",
        [&] {
            std::size_t leaders = 0;
            for (std::size_t i = 0; i < contenders_.size(); ++i) {
                const auto said = last_saying(contenders_[i]->log());
                if (!said) return false;
                if (said->what != "leader") continue;
                leader = i;
                ++leaders;
            }
            return leaders == 1;
        },
        std::chrono::milliseconds(session_ms_) + 60s);
    return leader;
}

double latch_stage::pause(int signal) {
    const auto leader = settled_leader();
    std::this_thread::sleep_for(500ms);
    const auto since = now_us();
    contenders_[leader]->send(signal);
    std::int64_t until = 0;
    testing::wait_until(
        "another contender leads",
        [&] {
            for (std::size_t i = 0; i < contenders_.size(); ++i) {
                const auto said = last_saying(contenders_[i]->log());
                if (i != leader && said && said->what == "leader" && said->at_us > since) until = said->at_us;
            }
            return until != 0;
        },
        std::chrono::milliseconds(session_ms_) + 60s);
    contenders_[leader]->kill();
    start(leader);
    return static_cast<double>(until - since) / 1000;
}

}  // namespace penholder::bench
