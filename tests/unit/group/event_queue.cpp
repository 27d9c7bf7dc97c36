#include "group/event_queue.hpp"

#include <catch2/catch_test_macros.hpp>

#include <vector>

using penholder::group::event_queue;

TEST_CASE("what an event brings about waits until the event is handled, and keeps its order") {
    event_queue<int> queue;
    std::vector<int> begun;
    std::vector<int> ended;
    const auto handle = [&](const auto& self, int event) -> void {
        begun.push_back(event);
        if (event == 1) {
            queue.drive(10, [&](int next) { self(self, next); });
            queue.drive(11, [&](int next) { self(self, next); });
        }
        if (event == 10) queue.drive(100, [&](int next) { self(self, next); });
        ended.push_back(event);
    };
    queue.drive(1, [&](int event) { handle(handle, event); });
    CHECK(begun == std::vector<int>{1, 10, 11, 100});
    CHECK(ended == begun);
    queue.drive(2, [&](int event) { handle(handle, event); });
    CHECK(begun.back() == 2);
}
