#include "tcp/listener.hpp"

#include "room.hpp"
#include "support/memory.hpp"

#include <catch2/catch_test_macros.hpp>

#include <poll.h>
#include <sys/resource.h>

using namespace penholder;
using namespace penholder::testing;

namespace {

std::string frame_of(wire::frame_type type, const std::string& payload) {
    std::string out;
    const auto begin = wire::open_frame(out, type);
    out += payload;
    wire::close_frame(out, begin);
    return out;
}

template <class Message>
std::string encoded(const Message& what) {
    std::string out;
    wire::encode(what, out);
    return out;
}

errc goodbye_in(const std::string& heard) {
    wire::frame_decoder decoder(1U << 20U);
    const auto room = decoder.room(heard.size());
    std::copy(heard.begin(), heard.end(), room.begin());
    decoder.came(heard.size());
    errc last{};
    for (auto got = decoder.next(); got && *got; got = decoder.next()) {
        const auto what = wire::decode(**got);
        if (const auto* goodbye = std::get_if<wire::goodbye>(&*what)) last = goodbye->why.code;
    }
    return last;
}

std::uint16_t port_of(const std::string& endpoint) {
    return static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1)));
}

/// The other side has closed it; nobody ever wrote to it.
bool is_ended(asio::ip::tcp::socket& one) {
    pollfd look{one.native_handle(), POLLIN, 0};
    return ::poll(&look, 1, 0) == 1;
}

void link_by_hand(asio::io_context& io, raw_peer& who) {
    who.say(encoded(wire::hello{wire::protocol_version, "orders", "n1", {1}}));
    REQUIRE(eventually(io, [&] { return !who.heard.empty(); }));
}

}  // namespace

TEST_CASE("a follower that comes early is welcomed the moment its leader serves") {
    asio::io_context io;
    leader_end leader(io);
    leader.accepting = false;
    follower_end follower(io, leader.endpoint);
    CHECK_FALSE(eventually(
        io, [&] { return follower.ups > 0; }, 150ms));
    CHECK(leader.listening->links() == 0);
    leader.accepting = true;
    leader.listening->accepting_links_changed();
    CHECK(eventually(
        io, [&] { return follower.ups == 1; }, 100ms));
    CHECK(leader.listening->links("orders") == 1);
}

TEST_CASE("a leader that does not serve within the handshake's time is dialled again") {
    asio::io_context io;
    leader_end leader(io);
    leader.accepting = false;
    follower_end follower(io, leader.endpoint);
    REQUIRE(eventually(io, [&] { return !follower.losses.empty(); }));
    CHECK(follower.ups == 0);
    leader.accepting = true;
    leader.listening->accepting_links_changed();
    CHECK(eventually(io, [&] { return follower.ups == 1; }));
}

TEST_CASE("garbage is answered with a goodbye and the connection closed, others are not disturbed") {
    asio::io_context io;
    leader_end leader(io);
    follower_end follower(io, leader.endpoint);
    REQUIRE(eventually(io, [&] { return follower.ups == 1; }));
    const std::vector<std::pair<std::string, errc>> nonsense{
        {"GET / HTTP/1.1\r\n\r\n", errc::frame_too_large},
        {std::string("\xFF\xFF\xFF\xFF\x01", 5), errc::frame_too_large},
        {std::string("\0\0\0\x01\x63", 5), errc::protocol_mismatch},
        {std::string(4, '\0'), errc::malformed_frame},
        {frame_of(wire::frame_type::hello, "\xFF\xFF\xFF"), errc::malformed_frame},
        {encoded(wire::ping{1}), errc::protocol_mismatch},
        {encoded(wire::hello{99, "orders", "n1", {1}}), errc::protocol_mismatch},
        {encoded(wire::hello{2, "stock", "n1", {1}}), errc::group_mismatch},
        {encoded(wire::hello{2, "orders", "no name!", {1}}), errc::malformed_frame}};
    for (const auto& [bytes, expected] : nonsense) {
        raw_peer rude(io, leader.endpoint);
        rude.say(bytes);
        REQUIRE(eventually(io, [&] { return rude.ended; }));
        CHECK(goodbye_in(rude.heard) == expected);
    }
    CHECK(leader.listening->counters().refused == nonsense.size());
    CHECK(follower.linked->is_up());
    CHECK(follower.losses.empty());
}

TEST_CASE("an oversized frame from a linked follower is refused and the link cut") {
    asio::io_context io;
    leader_end leader(io);
    raw_peer one(io, leader.endpoint);
    link_by_hand(io, one);
    REQUIRE(eventually(io, [&] { return leader.listening->links() == 1; }));
    one.say(std::string("\x00\x10\x00\x00\x05", 5));
    REQUIRE(eventually(io, [&] { return one.ended; }));
    CHECK(goodbye_in(one.heard) == errc::frame_too_large);
    CHECK(eventually(io, [&] { return leader.listening->links() == 0 && leader.listening->counters().cut == 1; }));
}

TEST_CASE("a half-open peer is cut after the handshake time-out, a silent link after its own") {
    asio::io_context io;
    leader_end leader(io, impatient_options());
    raw_peer mute(io, leader.endpoint);
    raw_peer slow(io, leader.endpoint);
    slow.say(std::string("\0\0", 2));
    raw_peer linked(io, leader.endpoint);
    link_by_hand(io, linked);
    REQUIRE(eventually(io, [&] { return leader.listening->links() == 1; }));
    CHECK(eventually(io, [&] { return mute.ended && slow.ended && linked.ended; }));
    CHECK(leader.listening->links() == 0);
}

TEST_CASE("a follower that does not read is cut before its answers fill the memory") {
    asio::io_context io;
    leader_end leader(io);
    std::string big(32 * 1024, 'x');
    leader.on_submit = [&](wire::submit request, tcp::responder reply) {
        auto answer = committed_as(request.id);
        answer.receipt.statements.push_back({1, {"c"}, {{big}}});
        reply(answer);
    };
    asio::ip::tcp::socket deaf(io);
    const auto port = static_cast<std::uint16_t>(std::stoi(leader.endpoint.substr(leader.endpoint.rfind(':') + 1)));
    deaf.open(asio::ip::tcp::v4());
    deaf.set_option(asio::socket_base::receive_buffer_size(4096));
    deaf.connect({asio::ip::address_v4::loopback(), port});
    penholder::write what("k");
    what.add("SELECT 1");
    const auto shared = std::make_shared<const penholder::write>(what);
    std::string talk = encoded(wire::hello{wire::protocol_version, "orders", "n1", {1}});
    for (std::uint64_t i = 0; i < 400; ++i) talk += encoded(wire::request{i, wire::submit{"k", shared, {}, 1000}});
    asio::write(deaf, asio::buffer(talk));
    REQUIRE(eventually(io, [&] { return leader.listening->counters().cut == 1; }));
    CHECK(leader.listening->links() == 0);
}

TEST_CASE("an answer too large for a frame loses its rows and keeps its outcome") {
    asio::io_context io;
    leader_end leader(io);
    leader.on_submit = [&](wire::submit request, tcp::responder reply) {
        auto answer = committed_as(request.id);
        answer.receipt.statements.push_back({1, {"c"}, {{std::string(100 * 1024, 'x')}}});
        reply(answer);
    };
    follower_end follower(io, leader.endpoint);
    REQUIRE(eventually(io, [&] { return follower.ups == 1; }));
    follower.send(1);
    REQUIRE(eventually(io, [&] { return follower.replies.size() == 1; }));
    const auto& back = answer_in(follower.replies[0]).receipt;
    CHECK(back.outcome == outcome::committed);
    CHECK(back.statements.at(0).rows_affected == 1);
    CHECK(back.statements.at(0).rows.empty());
}

TEST_CASE("no more links than max_links are held, and the next follower is told so") {
    asio::io_context io;
    auto few = quick_options();
    few.max_links = 1;
    leader_end leader(io, few);
    follower_end first(io, leader.endpoint);
    REQUIRE(eventually(io, [&] { return first.ups == 1; }));
    follower_end second(io, leader.endpoint);
    REQUIRE(eventually(io, [&] { return !second.losses.empty(); }));
    CHECK(second.losses[0].why.code == errc::overloaded);
    CHECK(second.ups == 0);
    CHECK(leader.listening->counters().turned_away >= 1);
    CHECK(first.linked->is_up());
    CHECK(first.losses.empty());
}

TEST_CASE("of those that have not proven themselves the oldest goes when there are too many, and no link does") {
    asio::io_context io;
    auto few = quick_options();
    few.max_links = 1;
    few.max_handshakes = 2;
    few.handshake_timeout_ms = 60'000;
    leader_end leader(io, few);
    raw_peer first(io, leader.endpoint);
    raw_peer second(io, leader.endpoint);
    REQUIRE(eventually(io, [&] { return leader.listening->counters().accepted == 2; }));
    follower_end follower(io, leader.endpoint);
    REQUIRE(eventually(io, [&] { return follower.ups == 1; }));
    CHECK(first.ended);
    CHECK_FALSE(second.ended);
    CHECK(leader.listening->counters().crowded_out == 1);
    raw_peer third(io, leader.endpoint);
    raw_peer fourth(io, leader.endpoint);
    REQUIRE(eventually(io, [&] { return second.ended; }));
    CHECK(follower.linked->is_up());
    CHECK(follower.losses.empty());
}

TEST_CASE("an address that is taken or no address at all is told at start") {
    asio::io_context io;
    leader_end leader(io);
    for (const auto& listen : {leader.endpoint, std::string("nonsense"), std::string("127.0.0.1:99999")}) {
        auto settings = quick_options();
        settings.listen = listen;
        const auto second = std::make_shared<tcp::listener>(io.get_executor(), tcp::listener_identity{"n3", {1}},
                                                            settings, leader.security, leader.handlers());
        const auto started = second->start();
        REQUIRE_FALSE(started.has_value());
        CHECK(started.error().code == errc::invalid_argument);
        CHECK(started.error().message.find(listen) != std::string::npos);
    }
}

TEST_CASE("an answer given after the connection died is dropped") {
    asio::io_context io;
    leader_end leader(io);
    std::vector<tcp::responder> held;
    leader.on_submit = [&](wire::submit, tcp::responder reply) { held.push_back(std::move(reply)); };
    {
        follower_end follower(io, leader.endpoint);
        REQUIRE(eventually(io, [&] { return follower.ups == 1; }));
        follower.send(1);
        REQUIRE(eventually(io, [&] { return held.size() == 1; }));
    }
    REQUIRE(eventually(io, [&] { return leader.listening->links() == 0; }));
    held[0](committed_as("w1"));
    leader.listening->stop();
    held[0] = nullptr;
}

TEST_CASE("ten thousand connections that say nothing keep nobody out, take little memory, and are gone in time") {
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    const auto before_limit = files;
    files.rlim_cur = std::min<rlim_t>(files.rlim_max, 16384);
    setrlimit(RLIMIT_NOFILE, &files);
    INFO("both ends of a connection are in this process; ulimit -n must allow 10,800 files");
    REQUIRE(files.rlim_cur >= 10'800);

    asio::io_context io;
    auto patient = quick_options();
    patient.handshake_timeout_ms = 1500;
    leader_end leader(io, patient);
    const auto before = resident_bytes();
    std::vector<std::unique_ptr<asio::ip::tcp::socket>> silent;
    for (int i = 0; i < 10'000; ++i) {
        silent.push_back(std::make_unique<asio::ip::tcp::socket>(io));
        silent.back()->connect({asio::ip::address_v4::loopback(), port_of(leader.endpoint)});
        if (i % 100 == 0) io.poll();
    }
    follower_end follower(io, leader.endpoint, patient);
    REQUIRE(eventually(io, [&] { return follower.ups >= 1; }));
    REQUIRE(eventually(io, [&] { return leader.listening->counters().accepted >= 10'001; }));
    CHECK(leader.listening->counters().crowded_out >= 10'000 - patient.max_handshakes);
    CHECK(resident_bytes() < before + (64U << 20U));
    REQUIRE(eventually(io, [&] { return leader.listening->counters().refused == 10'000; }));
    CHECK(std::ranges::all_of(silent, [](const auto& one) { return is_ended(*one); }));
    CHECK(leader.listening->links() == 1);
    CHECK(follower.linked->is_up());
    CHECK(follower.losses.empty());
    setrlimit(RLIMIT_NOFILE, &before_limit);
}
