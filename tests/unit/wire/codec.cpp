#include "samples.hpp"

#include <catch2/catch_test_macros.hpp>

#include <random>

using namespace penholder;
using namespace penholder::testing;

namespace {

template <class Message>
bool comes_back(const Message& what) {
    const auto got = decoded(encoded(what));
    return got.has_value() && std::get<Message>(*got) == what;
}

}  // namespace

TEST_CASE("every message comes back as it was sent") {
    wire::nonce some{};
    some.fill(0x5A);
    CHECK(comes_back(wire::hello{3, "orders", "n1", {0xFFFFFFFFFFFFFFFF}, some, true}));
    CHECK(comes_back(wire::challenge{1, "n2", {7}, some, true}));
    CHECK(comes_back(wire::proof{some}));
    CHECK(comes_back(wire::welcome{some, 4096}));
    CHECK(comes_back(wire::reply{1, decided(sample_receipt())}));
    CHECK(comes_back(wire::reply{2, decided(sample_rejection())}));
    CHECK(comes_back(wire::reply{3, handed_back(errc::not_leader, "no", leader_hint{{8}, "n3", "h:1"})}));
    CHECK(comes_back(wire::reply{4, undecided(write_verdict::in_doubt, {errc::outcome_unknown, "lost"})}));
    CHECK(comes_back(wire::reply{5, undecided(write_verdict::in_flight, {errc::in_flight, "wait"})}));
    const auto asked = decoded(encoded(wire::request{6, wire::find{"k"}}));
    REQUIRE(asked.has_value());
    CHECK(std::get<wire::request>(*asked).id == 6);
    CHECK(std::get<wire::find>(std::get<wire::request>(*asked).what) == wire::find{"k"});
    CHECK(comes_back(wire::reply{7, wire::find_result{sample_receipt(), {}, {}}}));
    CHECK(comes_back(
        wire::reply{8, wire::find_result{{}, error{errc::no_leader, "nobody"}, leader_hint{{1}, "a", "b"}}}));
    CHECK(comes_back(wire::reply{9, wire::find_result{}}));
    CHECK(comes_back(wire::ping{10}));
    CHECK(comes_back(wire::pong{11}));
    CHECK(comes_back(wire::goodbye{{errc::group_mismatch, "no such group"}}));
}

TEST_CASE("a submitted write comes back with its nulls, its bytes and its expectations") {
    const auto sent = sample_request();
    const auto got = decoded(encoded(sent));
    REQUIRE(got.has_value());
    CHECK(std::get<wire::request>(*got).id == sent.id);
    const auto& expected = std::get<wire::submit>(sent.what);
    const auto& back = std::get<wire::submit>(std::get<wire::request>(*got).what);
    CHECK(back.id == expected.id);
    CHECK(back.what->id() == expected.id);
    CHECK(back.what->statements() == expected.what->statements());
    CHECK(back.mark == expected.mark);
    CHECK(back.deadline_ms == expected.deadline_ms);
}

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
    std::string no_proof;
    wire::close_frame(no_proof, wire::open_frame(no_proof, wire::frame_type::proof));
    CHECK(code(no_proof).find("32 bytes") != std::string::npos);
}

TEST_CASE("fields that this release does not know are skipped") {
    auto bytes = encoded(wire::ping{3});
    bytes += std::string("\xA0\x06\x01", 3);  // Field 100, a number.
    wire::close_frame(bytes, 0);
    const auto got = decoded(bytes);
    REQUIRE(got.has_value());
    CHECK(std::get<wire::ping>(*got).number == 3);
}
