#include "tcp/tls_engine.hpp"

#include "wire/link_key.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>

using namespace penholder;
using namespace penholder::tcp;
using Catch::Matchers::ContainsSubstring;
using progress = tls_engine::progress;

namespace {

std::shared_ptr<const link_credentials> secrets(std::vector<std::string> all) {
    return link_credentials::make({std::move(all), {}}, "n1").value();
}

std::span<const std::uint8_t> bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string opened_by(tls_engine& one) {
    std::string text(4096, '\0');
    const auto got = one.open({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    return text.substr(0, got.bytes);
}

/// A follower and a leader, and what passes between them.
struct pair_of_ends {
    pair_of_ends(std::vector<std::string> of_follower, std::vector<std::string> of_leader,
                 const std::string& dialled = "host:7431", const std::string& own = "host:7431")
        : follower(secrets(std::move(of_follower)), tls_end::dials, dialled),
          leader(secrets(std::move(of_leader)), tls_end::accepts, own) {}

    /// Until neither has more to say.
    void talk() {
        for (;;) {
            of_follower = follower.agree();
            const auto there = follower.leaving();
            recorded += there;
            leader.came(bytes_of(there));
            of_leader = leader.agree();
            const auto back = leader.leaving();
            follower.came(bytes_of(back));
            if (there.empty() && back.empty()) return;
        }
    }

    bool agree() {
        talk();
        return of_follower == progress::agreed && of_leader == progress::agreed;
    }

    tls_engine follower;
    tls_engine leader;
    progress of_follower{};
    progress of_leader{};
    std::string recorded;  ///< What the follower sent.
};

}  // namespace

TEST_CASE("two ends with one secret agree, and open what the other sealed") {
    pair_of_ends ends({"right"}, {"right"});
    REQUIRE(ends.agree());
    const std::string said = "a write of somebody";
    REQUIRE(ends.follower.seal(said));
    const auto sealed = ends.follower.leaving();
    CHECK(sealed.find("write") == std::string::npos);
    ends.leader.came(bytes_of(sealed));
    CHECK(opened_by(ends.leader) == said);
    REQUIRE(ends.leader.seal("an answer"));
    ends.follower.came(bytes_of(ends.leader.leaving()));
    CHECK(opened_by(ends.follower) == "an answer");
    CHECK_FALSE(ends.leader.peer_names());
}

TEST_CASE("another secret is refused by both ends, and said why") {
    pair_of_ends ends({"wrong"}, {"right"});
    CHECK_FALSE(ends.agree());
    CHECK(ends.of_follower == progress::refused);
    CHECK(ends.of_leader == progress::refused);
    CHECK_THAT(ends.follower.refusal()->message, ContainsSubstring("did not accept this node's link secret"));
    CHECK_THAT(ends.leader.refusal()->message, ContainsSubstring("is none of this node's"));
}

TEST_CASE("of two secrets the first is dialled with, and either is accepted") {
    CHECK(pair_of_ends({"old", "new"}, {"old", "new"}).agree());
    CHECK(pair_of_ends({"old", "new"}, {"old"}).agree());
    CHECK(pair_of_ends({"new", "old"}, {"old", "new"}).agree());
    CHECK(pair_of_ends({"new"}, {"old", "new"}).agree());
    CHECK_FALSE(pair_of_ends({"new", "old"}, {"old"}).agree());
}

TEST_CASE("a connection that was led to another endpoint is refused, though the secret is right") {
    pair_of_ends ends({"right"}, {"right"}, "host:7431", "other:7431");
    CHECK_FALSE(ends.agree());
    CHECK_THAT(ends.leader.refusal()->message, ContainsSubstring("'host:7431'") && ContainsSubstring("'other:7431'"));
    CHECK_THAT(ends.follower.refusal()->message, ContainsSubstring("host:7431"));
}

TEST_CASE("a node that is led back to itself is refused") {
    pair_of_ends ends({"right"}, {"right"}, "leader:7431", "follower:7431");
    CHECK_FALSE(ends.agree());
}

TEST_CASE("what a follower said, played back, is no agreement") {
    pair_of_ends first({"right"}, {"right"});
    REQUIRE(first.agree());
    tls_engine again(secrets({"right"}), tls_end::accepts, "host:7431");
    again.came(bytes_of(first.recorded));
    CHECK(again.agree() == progress::refused);
}

TEST_CASE("a byte that was changed on the way ends the connection") {
    pair_of_ends ends({"right"}, {"right"});
    REQUIRE(ends.agree());
    REQUIRE(ends.follower.seal("a write"));
    auto sealed = ends.follower.leaving();
    sealed.back() = static_cast<char>(sealed.back() ^ 1);
    ends.leader.came(bytes_of(sealed));
    CHECK(opened_by(ends.leader).empty());
    REQUIRE(ends.leader.refusal());
    CHECK_FALSE(ends.leader.seal("an answer"));
}

TEST_CASE("the same bytes twice end the connection") {
    pair_of_ends ends({"right"}, {"right"});
    REQUIRE(ends.agree());
    REQUIRE(ends.follower.seal("a write"));
    const auto sealed = ends.follower.leaving();
    ends.leader.came(bytes_of(sealed));
    CHECK(opened_by(ends.leader) == "a write");
    ends.leader.came(bytes_of(sealed));
    CHECK(opened_by(ends.leader).empty());
    CHECK(ends.leader.refusal());
}

TEST_CASE("plain text is told apart at its first byte, and answered by an alert") {
    for (const auto& text : {std::string("GET / HTTP/1.1\r\n\r\n"), std::string("\0\0\0\x18\x01", 5)}) {
        tls_engine leader(secrets({"right"}), tls_end::accepts, "host:7431");
        leader.came(bytes_of(text));
        CHECK(leader.agree() == progress::refused);
        CHECK_THAT(leader.refusal()->message, ContainsSubstring("speaks no TLS"));
        CHECK(leader.leaving() == std::string("\x15\x03\x03\x00\x02\x02\x28", 7));
    }
}

TEST_CASE("an alert instead of an answer is a refusal") {
    tls_engine follower(secrets({"right"}), tls_end::dials, "host:7431");
    CHECK(follower.agree() == progress::needs_bytes);
    follower.came(bytes_of(std::string("\x15\x03\x03\x00\x02\x02\x28", 7)));
    CHECK(follower.agree() == progress::refused);
    CHECK_THAT(follower.refusal()->message, ContainsSubstring("link secret"));
}

TEST_CASE("text of any size passes, in pieces of any size") {
    pair_of_ends ends({"right"}, {"right"});
    REQUIRE(ends.agree());
    std::string said(1'000'000, '\0');
    for (std::size_t i = 0; i < said.size(); ++i) said[i] = static_cast<char>(i * 7 % 251);
    REQUIRE(ends.follower.seal(said));
    const auto sealed = ends.follower.leaving();
    std::string heard;
    for (std::size_t at = 0; at < sealed.size(); at += 9973) {
        ends.leader.came(bytes_of(sealed.substr(at, 9973)));
        for (auto some = opened_by(ends.leader); !some.empty(); some = opened_by(ends.leader)) heard += some;
    }
    CHECK(heard == said);
}
