#include "cli/nodes/node_url.hpp"
#include "cli/sources.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace penholder;
using namespace penholder::cli;

sources naming(const std::string& node) {
    sources made;
    made.ensemble.hosts = "10.0.0.9:2181";
    made.nodes.push_back(parse_node_url(node).value());
    return made;
}

TEST_CASE("a token is sent to this machine and to nodes that the operator named, not to what an open ensemble says") {
    const auto from = naming("http://10.0.0.1:7432");
    for (const auto* mine : {"http://10.0.0.1:7432", "127.0.0.1:9", "localhost:9", "unix:/run/orders.sock"}) {
        CAPTURE(mine);
        CHECK(from.token_for(parse_node_url(mine).value(), "sesame").value() == "sesame");
    }
    for (const auto* said : {"http://10.0.0.1:7433", "10.0.0.2:7432", "127.evil.example:7432"}) {
        CAPTURE(said);
        const auto withheld = from.token_for(parse_node_url(said).value(), "sesame");
        REQUIRE_FALSE(withheld.has_value());
        CHECK(withheld.error().code == errc::unauthorized);
        CHECK(withheld.error().message.find("--node " + url_text(parse_node_url(said).value())) != std::string::npos);
        CHECK(withheld.error().message.find("sesame") == std::string::npos);
    }
}

TEST_CASE("who has no token sends none, and an ensemble with a digest is believed") {
    auto from = naming("http://10.0.0.1:7432");
    const auto elsewhere = parse_node_url("10.0.0.2:7432").value();
    CHECK(from.token_for(elsewhere, "").value().empty());
    from.ensemble.digest = "penholder:secret";
    CHECK(from.token_for(elsewhere, "sesame").value() == "sesame");
}

}  // namespace
