// Frames as version 2 of the link protocol wrote them before any message was changed. Nodes of one version must go on
// understanding each other, so these bytes never change; a new kind of message adds its own.
#include "samples.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::testing;

namespace {

std::string hex(std::string_view bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (const char one : bytes) {
        const auto byte = static_cast<unsigned char>(one);
        out += {digits[byte >> 4U], digits[byte & 15U]};
    }
    return out;
}

std::shared_ptr<const penholder::write> one_statement() {
    penholder::write made("k");
    made.add("SELECT 1");
    return std::make_shared<const penholder::write>(std::move(made));
}

}  // namespace

TEST_CASE("the handshake on the wire: the recorded bytes") {
    CHECK(hex(encoded(wire::hello{2, "orders", "n1", {0x0123456789ABCDEF}})) ==
          "0000001801080212066f72646572731a026e3121efcdab8967452301");
    CHECK(hex(encoded(wire::introduction{2, "n2", {0xFEDCBA9876543210}})) ==
          "0000001002080212026e32191032547698badcfe");
    CHECK(hex(encoded(wire::welcome{4096})) == "0000000404088020");
}

TEST_CASE("requests on the wire: the recorded bytes") {
    CHECK(hex(encoded(sample_request())) ==
          "0000006b05084d12086f726465722d34321a380a2d5550444154452073746f636b2053455420717479203d20"
          "717479202d202431205748455245206964203d20243212030a0131120018011a150a0f53454c4543542027ff"
          "fe272c20272712020a00220608091202030528dc0b3001");
    CHECK(hex(encoded(wire::request{300, wire::submit{"k", one_statement(), {}, 1}})) ==
          "000000150508ac0212016b1a0a0a0853454c45435420312801");
    CHECK(hex(encoded(wire::request{5, wire::find{"order-42"}})) == "0000000d07080512086f726465722d3432");
}

TEST_CASE("replies on the wire: the recorded bytes") {
    CHECK(hex(encoded(wire::reply{77, decided(sample_receipt())})) ==
          "0000004306084d10011a3c0a086f726465722d34321001180720c8b0d39beb02280132210802120269641204"
          "6e616d651a070a030a01310a001a0a0a030a01320a030a01ff3200");
    CHECK(hex(encoded(wire::reply{78, decided(sample_rejection())})) ==
          "000000a106084e10011a99010a086f726465722d343310023a83010a1073746174656d656e745f6661696c65"
          "64120d6475706c6963617465206b65791a05323335303520012a0f736179204f4e20434f4e464c4943543246"
          "0a067075626c6963120573746f636b1a0269642204696e74342a0a73746f636b5f706b6579300d3a1d4b6579"
          "20286964293d2834322920616c7265616479206578697374732e40fabd9aa0f331");
    auto bare = sample_rejection();
    bare.why = reason{errc::statement_failed, "duplicate key", "23505", 1};
    bare.decided_at = {};
    CHECK(hex(encoded(wire::reply{78, decided(bare)})) ==
          "0000003f06084e10011a380a086f726465722d343310023a2a0a1073746174656d656e745f6661696c656412"
          "0d6475706c6963617465206b65791a0532333530352001");
    CHECK(hex(encoded(wire::reply{79, handed_back(errc::not_leader, "no", leader_hint{{8}, "n3", "h:1"})})) ==
          "0000002206084f1002220a6e6f745f6c65616465722a026e6f320b080812026e331a03683a31");
    CHECK(hex(encoded(wire::reply{80, undecided(write_verdict::in_doubt, {errc::outcome_unknown, "lost"})})) ==
          "0000001c0608501004220f6f7574636f6d655f756e6b6e6f776e2a046c6f7374");
    CHECK(hex(encoded(wire::reply{5, wire::find_result{sample_receipt(), {}, {}}})) ==
          "00000041080805123c0a086f726465722d34321001180720c8b0d39beb022801322108021202696412046e61"
          "6d651a070a030a01310a001a0a0a030a01320a030a01ff3200");
    CHECK(hex(encoded(wire::reply{6, wire::find_result{}})) == "00000003080806");
    CHECK(hex(encoded(
              wire::reply{7, wire::find_result{{}, error{errc::no_leader, "nobody"}, leader_hint{{1}, "a", "b"}}})) ==
          "000000220808071a130a096e6f5f6c656164657212066e6f626f6479220808011201611a0162");
}

TEST_CASE("what has a key forgotten on the wire: the recorded bytes") {
    CHECK(hex(encoded(wire::request{5, wire::forget{"order-43", "alice"}})) ==
          "000000140c080512086f726465722d34331a05616c696365");
    CHECK(hex(encoded(wire::reply{5, wire::forget_result{sample_rejection(), {}}})) ==
          "0000009f0d08051299010a086f726465722d343310023a83010a1073746174656d656e745f6661696c656412"
          "0d6475706c6963617465206b65791a05323335303520012a0f736179204f4e20434f4e464c49435432460a06"
          "7075626c6963120573746f636b1a0269642204696e74342a0a73746f636b5f706b6579300d3a1d4b65792028"
          "6964293d2834322920616c7265616479206578697374732e40fabd9aa0f331");
    CHECK(hex(encoded(wire::reply{6, wire::forget_result{}})) == "000000030d0806");
}

TEST_CASE("what keeps a link alive or ends it on the wire: the recorded bytes") {
    CHECK(hex(encoded(wire::ping{300})) == "000000040908ac02");
    CHECK(hex(encoded(wire::pong{300})) == "000000040a08ac02");
    CHECK(hex(encoded(wire::goodbye{{errc::unauthorized, "no"}})) == "000000130b0a0c756e617574686f72697a656412026e6f");
}
