#pragma once

#include "wire/codec.hpp"

#include <string>
#include <vector>

namespace penholder::testing {

inline wire::request sample_request() {
    penholder::write what("order-42");
    what.add("UPDATE stock SET qty = qty - $1 WHERE id = $2", 1, std::nullopt).expect_rows(1);
    what.add("SELECT '\xff\xfe', ''", std::string());
    return {77, wire::submit{
                    "order-42", std::make_shared<const penholder::write>(std::move(what)), {9, {3, 5}}, 1500, true}};
}

inline receipt sample_receipt() {
    receipt done;
    done.write_id = "order-42";
    done.outcome = outcome::committed;
    done.term = 7;
    done.lsn = 0x16B374D848;
    done.replayed = true;
    done.statements.push_back({2, {"id", "name"}, {{"1", std::nullopt}, {"2", "\xff"}}});
    done.statements.push_back({0, {}, {}});
    return done;
}

inline receipt sample_rejection() {
    receipt done;
    done.write_id = "order-43";
    done.outcome = outcome::rejected;
    done.why = reason{errc::statement_failed,
                      "duplicate key",
                      "23505",
                      1,
                      "say ON CONFLICT",
                      {"public", "stock", "id", "int4", "stock_pkey", 13, "Key (id)=(42) already exists."}};
    done.decided_at = std::chrono::system_clock::time_point(std::chrono::milliseconds(1'714'564'800'250));
    return done;
}

template <class Message>
std::string encoded(const Message& what) {
    std::string out;
    wire::encode(what, out);
    return out;
}

/// One of each, as whole frames.
inline std::vector<std::string> sample_frames() {
    return {encoded(wire::hello{2, "orders", "n1", {0xAA}}),
            encoded(wire::introduction{2, "n2", {0xBB}}),
            encoded(wire::welcome{4096}),
            encoded(sample_request()),
            encoded(wire::reply{77, decided(sample_receipt())}),
            encoded(wire::reply{78, handed_back(errc::not_leader, "no", leader_hint{{8}, "n3", "h:1"})}),
            encoded(wire::request{5, wire::find{"order-42"}}),
            encoded(wire::reply{5, wire::find_result{sample_receipt(), {}, {}}}),
            encoded(wire::request{6, wire::forget{"order-43", "alice at orders-2"}}),
            encoded(wire::reply{6, wire::forget_result{sample_rejection(), {}}}),
            encoded(wire::ping{1}),
            encoded(wire::pong{1}),
            encoded(wire::goodbye{{errc::unauthorized, "no"}})};
}

inline void feed(wire::frame_decoder& into, std::string_view bytes) {
    const auto room = into.room(bytes.size());
    std::copy(bytes.begin(), bytes.end(), room.begin());
    into.came(bytes.size());
}

inline result<wire::message> decoded(std::string_view whole) {
    wire::frame_decoder decoder(1U << 20U);
    feed(decoder, whole);
    auto framed = decoder.next();
    if (!framed) return framed.error();
    return wire::decode(framed->value());
}

}  // namespace penholder::testing
