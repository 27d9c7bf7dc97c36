#include "daemon/documents.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::daemon;

namespace {

template <class Value>
std::string shown(const Value& value) {
    return boost::json::serialize(to_json(value));
}

}  // namespace

TEST_CASE("a committed receipt shows its position and what each statement did") {
    receipt done{"order-42", outcome::committed, 7, 0x16B374D848, false, {}, {}};
    done.statements.push_back({1, {}, {}});
    done.statements.push_back({2, {"id", "note"}, {{"1", std::nullopt}, {"2", "x"}}});
    CHECK(
        shown(done) ==
        R"({"write_id":"order-42","outcome":"committed","term":7,"replayed":false,"lsn":"16/B374D848",)"
        R"("statements":[{"rows_affected":1},{"rows_affected":2,"columns":["id","note"],"rows":[["1",null],["2","x"]]}]})");
}

TEST_CASE("a rejected receipt says why and shows no statements") {
    const receipt done{"k", outcome::rejected, 7, 0, true, {}, reason{errc::statement_failed, "no table", "42P01", 1}};
    CHECK(shown(done) == R"({"write_id":"k","outcome":"rejected","term":7,"replayed":true,)"
                         R"("why":{"code":"statement_failed","message":"no table","sqlstate":"42P01","statement":1}})");
}

TEST_CASE("a group's status shows leadership, health and queues") {
    group_status of;
    of.now = {"orders", role::follower, 7, "orders-2", "127.0.0.1:1", true};
    of.last_contact_ms = 12;
    of.members.push_back({"orders-1", "aa", "127.0.0.1:2", "", "candidate", "0.1.0", "2026-01-01T00:00:00Z", "ff"});
    const auto document = to_json(of);
    CHECK(document.at("role") == "follower");
    CHECK(document.at("leader") == "orders-2");
    CHECK(document.at("last_contact_ms") == 12);
    CHECK(document.at("counters").as_object().contains("committed"));
    CHECK(document.at("members").as_array().at(0).at("node") == "orders-1");
    CHECK(to_json(group_status{}).at("last_contact_ms").is_null());
}

TEST_CASE("a term shows who held it and how it began") {
    CHECK(shown(term_record{3, "orders-1", "2026-01-01T00:00:00Z", "takeover", "its link broke"}) ==
          R"({"term":3,"node":"orders-1","since":"2026-01-01T00:00:00Z","began":"takeover",)"
          R"("evidence":"its link broke"})");
}
