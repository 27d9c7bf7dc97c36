#include "samples.hpp"

#include <catch2/catch_test_macros.hpp>

#include <random>

using namespace penholder;
using namespace penholder::testing;

TEST_CASE("a payload cut short anywhere is an error or a message, never a crash") {
    for (const auto& whole : sample_frames()) {
        for (std::size_t kept = wire::frame_header_bytes; kept < whole.size(); ++kept) {
            std::string cut = whole.substr(0, kept);
            wire::close_frame(cut, 0);
            const auto got = decoded(cut);
            if (!got.has_value()) CHECK(got.error().code == errc::malformed_frame);
        }
    }
}

TEST_CASE("garbage payloads of every type are an error or a message, never a crash") {
    std::mt19937 random(42);
    for (int round = 0; round < 20000; ++round) {
        std::string bytes(random() % 64, '\0');
        for (auto& one : bytes) one = static_cast<char>(random());
        const auto type = static_cast<wire::frame_type>(1 + random() % 11);
        const auto got = wire::decode({type, bytes});
        if (!got.has_value()) CHECK(got.error().code == errc::malformed_frame);
    }
}

TEST_CASE("what a message may not lack is said") {
    const auto code = [](const std::string& bytes) { return decoded(bytes).error().message; };
    auto nameless = sample_request();
    std::get<wire::submit>(nameless.what).id.clear();
    CHECK(code(encoded(nameless)).find("no write id") != std::string::npos);
    std::string no_verdict;
    wire::close_frame(no_verdict, wire::open_frame(no_verdict, wire::frame_type::submit_reply));
    CHECK(code(no_verdict).find("no verdict") != std::string::npos);
}

TEST_CASE("fields that this release does not know are skipped") {
    auto bytes = encoded(wire::ping{3});
    bytes += std::string("\xA0\x06\x01", 3);  // Field 100, a number.
    wire::close_frame(bytes, 0);
    const auto got = decoded(bytes);
    REQUIRE(got.has_value());
    CHECK(std::get<wire::ping>(*got).number == 3);
}
