#include "running_daemon.hpp"
#include "support/memory.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <future>
#include <string>
#include <vector>

using namespace penholder::testing;

namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20U;

/// The worst that JSON can make of a value: six characters for each of its bytes.
std::string asks_for_control_characters(int rows, int each) {
    return R"json({"statements":[{"sql":"SELECT repeat(chr(1), $1::int) FROM generate_series(1, $2::int)","params":[)json" +
           std::to_string(each) + "," + std::to_string(rows) + R"(]}],"deadline_ms":30000})";
}

}  // namespace

TEST_CASE("a large answer is whole") {
    running_daemon daemon(leading_plan());
    daemon.wait_until_ready();
    const auto writes = std::string("/v1/groups/orders/writes");
    const auto answered = daemon.post(writes, asks_for_control_characters(70, 100000), {{"Idempotency-Key", "large"}});
    for (const auto& whole : {answered, daemon.get(writes + "/large")}) {
        REQUIRE(whole.status == 200);
        const auto body = whole.json();
        const auto& rows = body.at("statements").at(0).at("rows").as_array();
        CHECK(rows.size() == 70);
        CHECK(std::ranges::all_of(rows, [](const auto& row) {
            const auto& value = row.at(0).as_string();
            return value.size() == 100000 && std::ranges::count(value, '\x01') == 100000;
        }));
    }
    CHECK(daemon.get("/v1/groups/orders").status == 200);
}

TEST_CASE("a node stays small however many large answers are asked for at once") {
    auto how = leading_plan();
    how.http = "request_timeout_ms = 60000\n";
    running_daemon daemon(how);
    daemon.wait_until_ready();
    std::vector<std::future<web_answer>> asked;
    for (int number = 0; number < 16; ++number) {
        asked.push_back(std::async(std::launch::async, [&] {
            return daemon.post("/v1/groups/orders/writes", asks_for_control_characters(75, 100000));
        }));
    }
    for (auto& one : asked) {
        const auto answered = one.get();
        CHECK(answered.status == 200);
        CHECK(answered.body.size() > std::size_t{6} * 75 * 100000);
    }
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    CHECK(peak_resident_bytes(daemon.running().pid()) < 256 * mebibyte);
#endif
}
