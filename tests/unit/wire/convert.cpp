// Values of every kind, into bytes and back.
#include "samples.hpp"

#include <catch2/catch_test_macros.hpp>

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
    CHECK(comes_back(wire::hello{3, "orders", "n1", {0xFFFFFFFFFFFFFFFF}}));
    CHECK(comes_back(wire::introduction{1, "n2", {7}}));
    CHECK(comes_back(wire::welcome{4096}));
    CHECK(comes_back(wire::reply{1, decided(sample_receipt())}));
    CHECK(comes_back(wire::reply{2, decided(sample_rejection())}));
    CHECK(comes_back(wire::reply{3, handed_back(errc::not_leader, "no", leader_hint{{8}, "n3", "h:1"})}));
    CHECK(comes_back(wire::reply{4, undecided(write_verdict::in_doubt, {errc::outcome_unknown, "lost", "08006"})}));
    CHECK(comes_back(wire::reply{5, undecided(write_verdict::in_flight, {errc::in_flight, "wait"})}));
    const auto asked = decoded(encoded(wire::request{6, wire::find{"k"}}));
    REQUIRE(asked.has_value());
    CHECK(std::get<wire::request>(*asked).id == 6);
    CHECK(std::get<wire::find>(std::get<wire::request>(*asked).what) == wire::find{"k"});
    CHECK(comes_back(wire::reply{7, wire::find_result{sample_receipt(), {}, {}}}));
    CHECK(comes_back(
        wire::reply{8, wire::find_result{{}, error{errc::no_leader, "nobody"}, leader_hint{{1}, "a", "b"}}}));
    const error denied{errc::database_unreachable, "permission denied", "42501", 0, 15};
    CHECK(comes_back(wire::reply{8, wire::find_result{{}, denied, {}}}));
    CHECK(comes_back(wire::reply{9, wire::find_result{}}));
    const auto wished = decoded(encoded(wire::request{6, wire::forget{"k", "alice"}}));
    REQUIRE(wished.has_value());
    CHECK(std::get<wire::forget>(std::get<wire::request>(*wished).what) == wire::forget{"k", "alice"});
    CHECK(comes_back(wire::reply{7, wire::forget_result{sample_rejection(), {}}}));
    CHECK(comes_back(wire::reply{8, wire::forget_result{{}, error{errc::refused, "committed"}}}));
    CHECK(comes_back(wire::reply{9, wire::forget_result{}}));
    CHECK(comes_back(wire::ping{10}));
    CHECK(comes_back(wire::pong{11}));
    CHECK(comes_back(wire::goodbye{{errc::group_mismatch, "no such group"}}));
}

TEST_CASE("the types of a result and the trace of a write come back, and neither has to be there") {
    auto typed = sample_receipt();
    CHECK(comes_back(wire::reply{1, decided(typed)}));
    typed.statements[0].types = {"integer",
                                 "gr\xf6\xdf"
                                 "e[]"};
    CHECK(comes_back(wire::reply{1, decided(typed)}));
    auto traced = *std::get<wire::submit>(sample_request().what).what;
    traced.trace_id("4bf92f3577b34da6a3ce929d0e0e4736");
    const auto got = decoded(encoded(
        wire::request{7, wire::submit{"order-42", std::make_shared<const penholder::write>(traced), {}, 1500, true}}));
    REQUIRE(got.has_value());
    CHECK(std::get<wire::submit>(std::get<wire::request>(*got).what).what->trace_id() == traced.trace_id());
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
    CHECK(back.what->trace_id().empty());
    CHECK(back.mark == expected.mark);
    CHECK(back.deadline_ms == expected.deadline_ms);
    CHECK(back.first);
}
