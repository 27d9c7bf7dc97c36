#include "tcp/connection.hpp"

#include "scripted_transport.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <catch2/catch_test_macros.hpp>

#include <optional>

using namespace penholder;
using namespace penholder::testing;

namespace {

/// Receives one message, or how that failed.
std::optional<result<wire::message>> received(scripted_connection& one) {
    std::optional<result<wire::message>> got;
    asio::co_spawn(one.io, one.over->receive(),
                   [&](std::exception_ptr, result<wire::message> what) { got.emplace(std::move(what)); });
    one.settle();
    return got;
}

std::uint64_t number_of(const std::optional<result<wire::message>>& got) {
    REQUIRE(got);
    REQUIRE(got->has_value());
    return std::get<wire::ping>(**got).number;
}

wire::goodbye farewell() {
    return {{errc::shutting_down, "going"}};
}

}  // namespace

TEST_CASE("what is sent within one turn leaves in one piece") {
    scripted_connection one;
    for (std::uint64_t i = 1; i <= 3; ++i) CHECK(one.over->send(wire::ping{i}));
    CHECK(one.by->written.empty());
    one.settle();
    CHECK(one.by->written == std::vector{frame_of(wire::ping{1}) + frame_of(wire::ping{2}) + frame_of(wire::ping{3})});
    CHECK(one.counted->frames_out == 3);
    CHECK(one.counted->bytes_out == one.by->written[0].size());
}

TEST_CASE("what is sent while something leaves waits for that, and then leaves together") {
    scripted_connection one;
    one.by->writes_end_at_once = false;
    one.over->send(wire::ping{1});
    one.settle();
    one.over->send(wire::ping{2});
    one.over->send(wire::ping{3});
    one.settle();
    CHECK(one.by->written.size() == 1);
    CHECK(one.over->backlog() == 3 * frame_of(wire::ping{1}).size());
    one.by->sent();
    one.settle();
    CHECK(one.by->written.size() == 2);
    CHECK(one.by->written[1] == frame_of(wire::ping{2}) + frame_of(wire::ping{3}));
}

TEST_CASE("a frame over the bound is not sent, and those around it are") {
    scripted_connection one(64, 4096);
    one.over->send(wire::ping{1});
    CHECK_FALSE(one.over->send(wire::request{2, wire::find{std::string(100, 'x')}}));
    one.over->send(wire::ping{3});
    one.settle();
    CHECK(one.by->written == std::vector{frame_of(wire::ping{1}) + frame_of(wire::ping{3})});
    CHECK(one.over->is_open());
}

TEST_CASE("a peer that does not read is cut when more than the bound waits for it") {
    scripted_connection one(1024, 1024);
    one.by->writes_end_at_once = false;
    const wire::request large{1, wire::find{std::string(300, 'x')}};
    one.over->send(large);
    one.settle();
    CHECK_FALSE(one.over->is_full());
    one.over->send(large);
    CHECK(one.over->is_full());
    one.over->send(large);
    CHECK(one.over->is_open());
    one.over->send(large);
    CHECK_FALSE(one.over->is_open());
    CHECK(one.over->cause()->why.code == errc::overloaded);
    CHECK(one.by->closed);
}

TEST_CASE("messages come out whole, however their bytes arrive") {
    scripted_connection one;
    const auto bytes = frame_of(wire::ping{300}) + frame_of(wire::ping{301});
    for (const char byte : bytes) one.by->comes(std::string(1, byte));
    CHECK(number_of(received(one)) == 300);
    CHECK(number_of(received(one)) == 301);
    CHECK_FALSE(received(one));
    CHECK(one.counted->frames_in == 2);
    CHECK(one.counted->bytes_in == bytes.size());
}

TEST_CASE("a peer that has proven itself may send larger frames") {
    const auto large = frame_of(wire::request{1, wire::find{std::string(300, 'x')}});
    scripted_connection unproven(64, 4096);
    unproven.by->comes(large);
    CHECK(received(unproven)->error().code == errc::frame_too_large);
    CHECK(unproven.over->is_open());
    scripted_connection proven(64, 4096);
    proven.over->trust(1024);
    proven.by->comes(large);
    CHECK(received(proven)->has_value());
}

TEST_CASE("an end without a goodbye is a reset, and so is a broken connection") {
    for (const boost::system::error_code& how :
         {boost::system::error_code(asio::error::eof), boost::system::error_code(asio::error::connection_reset)}) {
        scripted_connection one;
        one.by->ends(how);
        const auto got = received(one);
        REQUIRE(got);
        CHECK(got->error().code == errc::link_lost);
        CHECK(one.over->cause()->how == wire::loss::reset);
        CHECK(one.by->closed);
    }
}

TEST_CASE("a write that fails breaks the connection") {
    scripted_connection one;
    one.by->writes_end_at_once = false;
    one.over->send(wire::ping{1});
    one.settle();
    one.by->sent(asio::error::broken_pipe);
    CHECK(one.over->cause()->how == wire::loss::reset);
    CHECK(one.over->send(wire::ping{2}));
    one.settle();
    CHECK(one.by->written.size() == 1);
}

TEST_CASE("parting says goodbye after what was sent, and closes when that has left") {
    scripted_connection one;
    one.by->writes_end_at_once = false;
    one.over->send(wire::ping{1});
    one.over->part(farewell().why);
    CHECK_FALSE(one.over->is_open());
    CHECK(one.over->cause()->how == wire::loss::closed);
    CHECK(one.by->written == std::vector{frame_of(wire::ping{1}) + frame_of(farewell())});
    one.settle();
    CHECK_FALSE(one.by->closed);
    one.by->sent();
    one.settle();
    CHECK(one.by->closed);
    CHECK(one.by->written.size() == 1);
    CHECK(one.io.stopped());  // No timer keeps it running.
}

TEST_CASE("parting in the middle of a frame closes at once: a goodbye would be read as its rest") {
    scripted_connection one;
    one.by->writes_end_at_once = false;
    one.over->send(wire::ping{1});
    one.settle();
    one.over->part(farewell().why);
    CHECK(one.by->closed);
    CHECK(one.by->written.size() == 1);
    one.settle();
    CHECK(one.over->cause()->how == wire::loss::closed);
}

TEST_CASE("who parts is not waiting for bytes any more") {
    scripted_connection one;
    std::optional<bool> more;
    asio::co_spawn(one.io, one.over->more(), [&](std::exception_ptr, bool got) { more = got; });
    one.settle();
    one.over->part(farewell().why);
    one.settle();
    CHECK(more == false);
    CHECK(one.over->cause()->how == wire::loss::closed);
}

TEST_CASE("parting gently waits for the peer to close, whatever that still sends") {
    scripted_connection one;
    asio::co_spawn(one.io, one.over->part_gently(farewell().why), asio::detached);
    one.settle();
    CHECK(one.by->written == std::vector{frame_of(farewell())});
    CHECK(one.by->shut);
    one.by->comes(std::string(100, '\xFF'));
    one.settle();
    CHECK(one.over->is_open());
    CHECK_FALSE(one.by->closed);
    one.by->ends();
    one.settle();
    CHECK(one.by->closed);
    CHECK(one.over->cause()->why == farewell().why);
}

TEST_CASE("the first cause of an end stands") {
    scripted_connection one;
    one.over->cut({wire::loss::silent, {errc::link_lost, "silent"}, false, {}});
    one.over->cut({wire::loss::reset, {errc::link_lost, "reset"}, false, {}});
    one.over->part(farewell().why);
    one.by->ends();
    received(one);
    CHECK(one.over->cause()->how == wire::loss::silent);
    CHECK(one.by->written.empty());
}
