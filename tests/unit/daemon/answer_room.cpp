#include "daemon/http/answer_room.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch_test_macros.hpp>

#include <map>
#include <vector>

using namespace penholder::daemon;

namespace {

/// Answers that come to the room, and go when they are told to.
struct guests {
    void come(int number) {
        boost::asio::co_spawn(
            io,
            [](guests& all, int which) -> boost::asio::awaitable<void> {
                all.inside[which] = co_await all.room.enter([&all, which] { all.cut.push_back(which); });
                all.order.push_back(which);
            }(*this, number),
            boost::asio::detached);
        turn();
    }
    void go(int number) {
        inside.erase(number);
        turn();
    }
    void turn() {
        io.restart();
        io.poll();
    }

    answer_room room;
    boost::asio::io_context io;
    std::map<int, answer_room::turn> inside;
    std::vector<int> order;
    std::vector<int> cut;
};

}  // namespace

TEST_CASE("three large answers leave at a time, and the others in the order in which they came") {
    guests all;
    for (int number = 1; number <= 6; ++number) all.come(number);
    CHECK(all.order == std::vector<int>{1, 2, 3});
    all.go(2);
    CHECK(all.order == std::vector<int>{1, 2, 3, 4});
    all.go(4);
    all.go(1);
    CHECK(all.order == std::vector<int>{1, 2, 3, 4, 5, 6});
    CHECK(all.cut.empty());
    all.inside.clear();
}

TEST_CASE("when too many wait, the answer that has been on its way for longest is cut") {
    guests all;
    for (int number = 1; number <= 8; ++number) all.come(number);
    CHECK(all.cut.empty());
    all.come(9);
    CHECK(all.cut == std::vector<int>{1});
    all.go(1);
    CHECK(all.order == std::vector<int>{1, 2, 3, 4});
    all.come(10);
    CHECK(all.cut == std::vector<int>{1, 2});
    while (!all.inside.empty()) all.go(all.inside.begin()->first);
    CHECK(all.order.size() == 10);
}
