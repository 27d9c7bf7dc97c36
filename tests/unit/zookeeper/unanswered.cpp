#include "zookeeper/unanswered.hpp"

#include <catch2/catch_test_macros.hpp>

#include <vector>

using namespace penholder::zookeeper;

namespace {

struct noted final : unanswered_request {
    noted(std::vector<int>& told, int number) : all(told), mine(number) {}
    void fail(int code) override { all.push_back(mine * 1000 + code); }

    std::vector<int>& all;
    int mine;
};

}  // namespace

TEST_CASE("what is left unanswered is failed once and gone, and what was answered is left alone") {
    std::vector<int> told;
    unanswered_requests left;
    const auto answered = std::make_unique<noted>(told, 1);
    left.add(*answered);
    left.add(*std::make_unique<noted>(told, 2).release());
    left.remove(*answered);
    left.fail_all(7);
    left.fail_all(8);
    CHECK(told == std::vector<int>{2007});
}
