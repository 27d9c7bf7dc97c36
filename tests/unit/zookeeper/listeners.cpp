#include "zookeeper/listeners.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder::zookeeper;

TEST_CASE("a watch is told to those that listen at or above its znode") {
    listeners all;
    std::vector<std::string> told;
    const auto listen_at = [&](const std::string& prefix) {
        all.add({prefix, {}, [&told, prefix](const watch_event&) { told.push_back(prefix); }});
    };
    listen_at("/a");
    listen_at("/a/b");
    listen_at("/ab");
    all.tell(watch_event{watch_event::kind::changed, 1, "/a/b"});
    CHECK(told == std::vector<std::string>{"/a", "/a/b"});
}

TEST_CASE("who goes while others are told is told no more") {
    listeners all;
    int told = 0;
    std::uint64_t second = 0;
    all.add({{}, [&](const session_event&) { all.remove(second); }, {}});
    second = all.add({{}, [&](const session_event&) { ++told; }, {}});
    all.tell(session_event{session_event::kind::suspended, 1, 7});
    CHECK(told == 0);
}
