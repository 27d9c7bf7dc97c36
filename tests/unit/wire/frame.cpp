#include "samples.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::testing;

TEST_CASE("frames come out whole however the stream is cut") {
    std::string stream;
    for (const auto& one : sample_frames()) stream += one;
    for (std::size_t piece = 1; piece < 40; ++piece) {
        wire::frame_decoder decoder(1U << 20U);
        std::string back;
        for (std::size_t at = 0; at < stream.size(); at += piece) {
            feed(decoder, std::string_view(stream).substr(at, piece));
            for (auto got = decoder.next(); got.value(); got = decoder.next()) {
                const auto begin = wire::open_frame(back, (*got)->type);
                back.append((*got)->payload);
                wire::close_frame(back, begin);
            }
        }
        CHECK(back == stream);
        CHECK(decoder.buffered() == 0);
    }
}

TEST_CASE("a frame that claims too much is refused before anything is kept for it") {
    wire::frame_decoder decoder(1000);
    feed(decoder, std::string("\xFF\xFF\xFF\xFF\x01", 5));
    const auto got = decoder.next();
    CHECK(got.error().code == errc::frame_too_large);
    CHECK(got.error().message.find("4294967295") != std::string::npos);
}

TEST_CASE("a frame of exactly the bound is accepted, one byte more is not") {
    std::string fits;
    const auto begin = wire::open_frame(fits, wire::frame_type::ping);
    fits.append(99, 'x');
    wire::close_frame(fits, begin);
    wire::frame_decoder accepts(100);
    feed(accepts, fits);
    CHECK(accepts.next().value()->payload.size() == 99);
    wire::frame_decoder refuses(99);
    feed(refuses, fits);
    CHECK(refuses.next().error().code == errc::frame_too_large);
}

TEST_CASE("a frame without a type is malformed and one of an unknown type is another protocol") {
    wire::frame_decoder empty(1000);
    feed(empty, std::string(4, '\0'));
    CHECK(empty.next().error().code == errc::malformed_frame);
    for (const char type : {'\0', '\x03', '\x0E', '\xFF'}) {
        wire::frame_decoder strange(1000);
        feed(strange, std::string("\0\0\0\x01", 4) + type);
        CHECK(strange.next().error().code == errc::protocol_mismatch);
    }
}

TEST_CASE("who speaks TLS to an end that has none is told so") {
    for (const char kind : {'\x15', '\x16'}) {
        wire::frame_decoder decoder(4096);
        feed(decoder, std::string(1, kind) + "\x03\x01\x02\x28");
        CHECK(decoder.next().error().code == errc::unauthorized);
    }
}

TEST_CASE("a web browser's request is not mistaken for a frame") {
    wire::frame_decoder decoder(16U << 20U);
    feed(decoder, "GET / HTTP/1.1\r\n\r\n");
    CHECK(decoder.next().error().code == errc::frame_too_large);
}
