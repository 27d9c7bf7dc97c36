#include "zookeeper/reply.hpp"

#include "zookeeper/client.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::zookeeper;

TEST_CASE("the client's codes are the reasons to decide by") {
    CHECK(to_failure(ZNONODE, "/a").why == reason::no_node);
    CHECK(to_failure(ZNODEEXISTS, "/a").why == reason::node_exists);
    CHECK(to_failure(ZBADVERSION, "/a").why == reason::bad_version);
    CHECK(to_failure(ZSESSIONEXPIRED, "/a").why == reason::session_expired);
    CHECK(to_failure(ZCLOSING, "/a").why == reason::session_expired);
    CHECK(to_failure(ZNOAUTH, "/a").why == reason::not_authorized);
    CHECK(to_failure(ZMARSHALLINGERROR, "/a").why == reason::other);
}

TEST_CASE("whatever ends a connection may or may not have been carried out") {
    for (const int code : {ZCONNECTIONLOSS, ZOPERATIONTIMEOUT, ZSESSIONMOVED, ZINVALIDSTATE}) {
        CAPTURE(code);
        CHECK(to_failure(code, "/a").why == reason::connection_loss);
        CHECK(to_failure(code, "/a").lost());
    }
    CHECK(to_failure(ZSESSIONEXPIRED, "/a").lost());
    CHECK_FALSE(to_failure(ZNONODE, "/a").lost());
}

TEST_CASE("an error says what the ensemble answered, where, and under which of our codes") {
    const auto lost = to_failure(ZCONNECTIONLOSS, "/a").to_error();
    CHECK(lost.code == errc::ensemble_unreachable);
    CHECK(lost.message.find("/a") != std::string::npos);
    CHECK(to_failure(ZSESSIONEXPIRED, "/a").to_error().code == errc::session_expired);
    CHECK(to_failure(ZNOAUTH, "/a").to_error().code == errc::unauthorized);
    CHECK(to_failure(ZNONODE, "/a").to_error().code == errc::internal);
}

TEST_CASE("a refusal by the ensemble's configuration says what to change there") {
    const auto told = [](int code) { return to_failure(code, "/a").to_error().message; };
    CHECK(told(ZEPHEMERALONLOCALSESSION).find("localSessionsUpgradingEnabled") != std::string::npos);
    CHECK(told(ZSESSIONCLOSEDREQUIRESASLAUTH).find("sessionRequireClientSASLAuth") != std::string::npos);
    CHECK(told(ZNOTREADONLY).find("majority") != std::string::npos);
    CHECK(told(ZINVALIDACL).find("digest") != std::string::npos);
    CHECK(told(ZMARSHALLINGERROR).find(';') == std::string::npos);
}

TEST_CASE("a step of a transaction names its version, or any") {
    CHECK(operation::remove("/a").version == -1);
    CHECK(operation::remove("/a", 3).version == 3);
    CHECK(operation::check("/a", 4).what == operation::kind::check);
    CHECK(operation::set("/a", "data", 5).data == "data");
    CHECK(operation::create("/a", "", create_mode::ephemeral_sequential).mode == create_mode::ephemeral_sequential);
}
