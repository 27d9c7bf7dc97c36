#include "tcp/link.hpp"

#include "room.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <random>

using namespace penholder;
using namespace penholder::testing;

TEST_CASE("a leader is told how many links it has whenever that changes") {
    using counts = std::vector<std::size_t>;
    asio::io_context io;
    leader_end leader(io);
    auto first = std::make_unique<follower_end>(io, leader.endpoint);
    REQUIRE(eventually(io, [&] { return first->ups == 1; }));
    CHECK(leader.link_counts == counts{1});
    follower_end second(io, leader.endpoint);
    REQUIRE(eventually(io, [&] { return second.ups == 1; }));
    first.reset();
    REQUIRE(eventually(io, [&] { return leader.link_counts.size() == 3; }));
    CHECK(leader.link_counts == counts{1, 2, 1});
    leader.listening->stop();
    REQUIRE(eventually(io, [&] { return leader.listening->links() == 0; }));
    CHECK(leader.link_counts.size() == 3);  // Nothing after `stop`.
}

TEST_CASE("a write goes over and its receipt comes back") {
    asio::io_context io;
    leader_end leader(io);
    follower_end follower(io, leader.endpoint);
    REQUIRE(eventually(io, [&] { return follower.ups == 1; }));
    CHECK(follower.linked->is_up());
    CHECK(follower.linked->window() == 4096);
    CHECK(leader.listening->links("orders") == 1);
    REQUIRE(follower.send(1));
    REQUIRE(eventually(io, [&] { return follower.replies.size() == 1; }));
    CHECK(follower.replies[0] == wire::reply{1, committed_as("w1")});
    CHECK(follower.linked->in_flight() == 0);
    CHECK(follower.linked->last_contact());
    REQUIRE(follower.linked->send({2, wire::find{"w1"}}));
    REQUIRE(eventually(io, [&] { return follower.found.size() == 1; }));
    CHECK(follower.found[0].id == 2);
    CHECK(found_in(follower.found[0]).found->write_id == "w1");
}

TEST_CASE("thousands of requests are in flight at once and answered in any order") {
    asio::io_context io;
    auto roomy = quick_options();
    roomy.max_frame_bytes = 1024 * 1024;
    leader_end leader(io, roomy);
    std::vector<std::pair<std::string, tcp::responder>> held;
    leader.on_submit = [&](wire::submit request, tcp::responder reply) {
        held.emplace_back(request.id, std::move(reply));
    };
    follower_end follower(io, leader.endpoint, roomy);
    REQUIRE(eventually(io, [&] { return follower.ups == 1; }));
    for (std::uint64_t i = 0; i < 4096; ++i) REQUIRE(follower.send(i));
    CHECK_FALSE(follower.send(4096));
    REQUIRE(eventually(io, [&] { return held.size() == 4096; }));
    std::ranges::shuffle(held, std::mt19937(1));
    for (auto& [id, reply] : held) reply(committed_as(id));
    REQUIRE(eventually(io, [&] { return follower.replies.size() == 4096; }));
    CHECK(std::ranges::all_of(follower.replies, [](const auto& one) {
        return answer_in(one).receipt.write_id == "w" + std::to_string(one.id);
    }));
    CHECK(follower.linked->counters().frames_out > 4096);
}

TEST_CASE("a full connection answers overloaded at once") {
    asio::io_context io;
    auto tight = quick_options();
    tight.max_in_flight = 2;
    leader_end leader(io, tight);
    leader.on_submit = [](wire::submit, tcp::responder) {};
    follower_end follower(io, leader.endpoint);
    REQUIRE(eventually(io, [&] { return follower.ups == 1; }));
    CHECK(follower.linked->window() == 2);
    CHECK(follower.send(1));
    CHECK(follower.send(2));
    CHECK_FALSE(follower.send(3));
    for (std::uint64_t i = 0; i < 256; ++i) follower.linked->send({10 + i, wire::find{"k"}});
    REQUIRE(eventually(io, [&] { return follower.found.size() == 256; }));
    CHECK(found_in(follower.found[0]).failed->code == errc::overloaded);
    CHECK(leader.listening->counters().overloaded == 256);
}

TEST_CASE("a wrong secret is told to both sides in clear words") {
    asio::io_context io;
    auto with = [](std::string secret) {
        auto made = quick_options();
        made.secret = std::move(secret);
        return made;
    };
    leader_end open(io, with(""));
    leader_end secured(io, with("right"));
    follower_end good(io, secured.endpoint, with("right"));
    follower_end wrong(io, secured.endpoint, with("wrong"));
    follower_end none(io, secured.endpoint, with(""));
    follower_end needless(io, open.endpoint, with("right"));
    REQUIRE(eventually(io, [&] {
        return good.ups == 1 && !wrong.losses.empty() && !none.losses.empty() && !needless.losses.empty();
    }));
    for (const auto* one : {&wrong, &none, &needless}) {
        CHECK(one->ups == 0);
        CHECK(one->losses[0].how == tcp::loss::unauthorized);
        CHECK(one->losses[0].why.code == errc::unauthorized);
        CHECK(one->losses[0].why.message.find("secret") != std::string::npos);
    }
    CHECK(secured.listening->counters().refused >= 2);
}

TEST_CASE("another node or another incarnation at the leader's endpoint is told apart") {
    asio::io_context io;
    leader_end leader(io);
    follower_end other_life(io, leader.endpoint, quick_options(),
                            [](tcp::link_target& target) { target.leader_life = incarnation{0xDEAD}; });
    follower_end other_node(io, leader.endpoint, quick_options(),
                            [](tcp::link_target& target) { target.leader = "n3"; });
    follower_end right_life(io, leader.endpoint, quick_options(),
                            [](tcp::link_target& target) { target.leader_life = incarnation{0xBEEF}; });
    REQUIRE(eventually(
        io, [&] { return right_life.ups == 1 && !other_life.losses.empty() && !other_node.losses.empty(); }));
    CHECK(other_life.losses[0].how == tcp::loss::replaced);
    CHECK(other_node.losses[0].how == tcp::loss::protocol);
    for (const auto* one : {&other_life, &other_node}) CHECK(one->losses[0].met == incarnation{0xBEEF});
}

TEST_CASE("an unknown group is refused by name of the fault") {
    asio::io_context io;
    leader_end leader(io);
    follower_end follower(io, leader.endpoint, quick_options(),
                          [](tcp::link_target& target) { target.group = "stock"; });
    REQUIRE(eventually(io, [&] { return !follower.losses.empty(); }));
    CHECK(follower.losses[0].how == tcp::loss::protocol);
    CHECK(follower.losses[0].why.code == errc::group_mismatch);
}

TEST_CASE("nobody listening is refused, each time that it is tried") {
    asio::io_context io;
    std::string endpoint;
    {
        leader_end gone(io);
        endpoint = gone.endpoint;
    }
    follower_end follower(io, endpoint);
    REQUIRE(eventually(io, [&] { return follower.losses.size() >= 3; }));
    for (const auto& one : follower.losses) {
        CHECK(one.how == tcp::loss::refused);
        CHECK_FALSE(one.was_up);
    }
}

TEST_CASE("a leader that goes away is lost at once, refused next, and linked again when it is back") {
    asio::io_context io;
    auto leader = std::make_unique<leader_end>(io);
    const auto endpoint = leader->endpoint;
    follower_end follower(io, endpoint);
    REQUIRE(eventually(io, [&] { return follower.ups == 1; }));
    leader.reset();
    REQUIRE(eventually(io, [&] { return follower.met(tcp::loss::refused); }));
    CHECK(follower.losses[0].was_up);
    CHECK(follower.losses[0].how == tcp::loss::closed);
    CHECK_FALSE(follower.linked->is_up());
    CHECK_FALSE(follower.send(1));
    auto settings = quick_options();
    settings.listen = endpoint;
    leader_end back(io, settings);
    CHECK(eventually(io, [&] { return follower.ups == 2; }));
}

TEST_CASE("a leader that accepts and says nothing is silent") {
    asio::io_context io;
    asio::ip::tcp::acceptor mute(io, {asio::ip::address_v4::loopback(), 0});
    follower_end follower(io, "127.0.0.1:" + std::to_string(mute.local_endpoint().port()));
    REQUIRE(eventually(io, [&] { return !follower.losses.empty(); }));
    CHECK(follower.losses[0].how == tcp::loss::silent);
    CHECK_FALSE(follower.losses[0].was_up);
}

TEST_CASE("a peer that stops answering pings is silent, a reset is a reset") {
    asio::io_context io;
    asio::io_context leaders_own;
    leader_end leader(leaders_own);
    follower_end follower(io, leader.endpoint, impatient_options());
    REQUIRE(eventually(io, [&] {
        leaders_own.poll();
        return follower.ups == 1;
    }));
    REQUIRE(eventually(io, [&] { return !follower.losses.empty(); }));
    CHECK(follower.losses[0].how == tcp::loss::silent);
    CHECK(follower.losses[0].was_up);
    CHECK(follower.linked->last_contact());
}

TEST_CASE("a connection that is reset is told as a reset") {
    asio::io_context io;
    asio::ip::tcp::acceptor rude(io, {asio::ip::address_v4::loopback(), 0});
    follower_end follower(io, "127.0.0.1:" + std::to_string(rude.local_endpoint().port()));
    rude.async_accept([](boost::system::error_code, asio::ip::tcp::socket socket) {
        socket.set_option(asio::socket_base::linger(true, 0));
        socket.close();
    });
    REQUIRE(eventually(io, [&] { return !follower.losses.empty(); }));
    CHECK(follower.losses[0].how == tcp::loss::reset);
}

TEST_CASE("a closed link calls no handler any more") {
    asio::io_context io;
    leader_end leader(io);
    std::vector<tcp::responder> held;
    leader.on_submit = [&](wire::submit, tcp::responder reply) { held.push_back(std::move(reply)); };
    follower_end follower(io, leader.endpoint);
    REQUIRE(eventually(io, [&] { return follower.ups == 1; }));
    REQUIRE(follower.send(1));
    REQUIRE(eventually(io, [&] { return held.size() == 1; }));
    follower.linked->close();
    REQUIRE(eventually(io, [&] { return leader.listening->links() == 0; }));
    held[0](committed_as("w1"));
    io.run_for(50ms);
    CHECK(follower.replies.empty());
    CHECK(follower.losses.empty());
}
