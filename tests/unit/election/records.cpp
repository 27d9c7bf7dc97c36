#include "election/records.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::election;

namespace {

template <class T>
void check_malformed(const result<T>& read) {
    REQUIRE(read.has_error());
    CHECK(read.error().code == errc::malformed_znode);
    CHECK(read.error().message.find("/penholder/g/x") != std::string::npos);
}

constexpr auto path = "/penholder/g/x";

}  // namespace

TEST_CASE("every record reads back as it was written") {
    const member node{"a",   "00ff", "h:1",         "h:2", "candidate", "0.1.0", "2024-01-01T00:00:00Z",
                      "abc", "7/1",  "boot net h:1"};
    CHECK(*decode_member(path, encode(node)) == node);
    const candidate_record candidate{"a", -3, true};
    CHECK(*decode_candidate(path, encode(candidate)) == candidate);
    const candidate_record unreached{"a", 0, true, true};
    CHECK(*decode_candidate(path, encode(unreached)) == unreached);
    CHECK(encode(candidate) == R"({"node":"a","priority":-3,"eligible":true})");
    check_malformed(decode_candidate(path, R"({"node":"a","priority":0,"eligible":true,"unreached":1})"));
    const leader_record leader{"a", "00ff", "h:1", 18446744073709551615ULL, phase::serving, "2024", "7/1"};
    CHECK(*decode_leader(path, encode(leader)) == leader);
    const control_record control{true, handover_request{"*", 7}};
    CHECK(*decode_control(path, encode(control)) == control);
    CHECK(*decode_control(path, encode(control_record{})) == control_record{});
    const control_record agreed{true, handover_request{"b", 7, true}, 6, "7/2", {{8}, {1, 0x100}}};
    CHECK(*decode_control(path, encode(agreed)) == agreed);
    const control_record drained{false, std::nullopt, {}, "", {}, {"b", "c"}};
    CHECK(*decode_control(path, encode(drained)) == drained);
    check_malformed(decode_control(path, R"({"paused":false,"drained":"b"})"));
    check_malformed(decode_control(path, R"({"paused":false,"drained":[7]})"));
    CHECK(*decode_control(path, R"({"paused":false,"handover":{"to":"b","from_term":7}})") ==
          control_record{false, handover_request{"b", 7}});
    const std::vector<term_record> terms{{1, "a", "x", "election"},
                                         {2, "b", "y", "takeover", "its link broke", "7/1", "2:1@0/100"}};
    CHECK(*decode_terms(path, encode(terms)) == terms);
}

TEST_CASE("terms and control that nobody has written are empty") {
    CHECK(decode_terms(path, "")->empty());
    CHECK(*decode_control(path, "") == control_record{});
}

TEST_CASE("the last 64 terms are kept") {
    std::vector<term_record> terms;
    for (std::uint64_t number = 1; number <= 70; ++number) terms.push_back({number, "a", "", "election"});
    const auto kept = decode_terms(path, encode(terms));
    REQUIRE(kept->size() == terms_kept);
    CHECK(kept->front().number == 7);
    CHECK(kept->back().number == 70);
}

TEST_CASE("garbage says which znode it is in") {
    for (const char* garbage : {"{", "[]", "7", "\"x\"", "{}", "{\"node\":7}", "\xff\xfe", "null"}) {
        CAPTURE(garbage);
        check_malformed(decode_member(path, garbage));
        check_malformed(decode_candidate(path, garbage));
        check_malformed(decode_leader(path, garbage));
        check_malformed(decode_control(path, garbage));
    }
    check_malformed(decode_terms(path, "{}"));
    check_malformed(decode_terms(path, "[7]"));
    check_malformed(decode_terms(path, R"([{"number":-1,"node":"a"}])"));
    check_malformed(decode_candidate(path, R"({"node":"a","priority":99999999999,"eligible":true})"));
    check_malformed(decode_leader(
        path, R"({"node":"a","incarnation":"1","endpoint":"h:1","term":1,"phase":"resting","since":""})"));
    check_malformed(decode_control(path, R"({"paused":false,"handover":{"to":"a"}})"));
    check_malformed(decode_control(path, R"({"paused":false,"adopted_raise":"1@0/100"})"));
    check_malformed(decode_terms(path, R"([{"number":1,"node":"a","raised":"2@0/100"}])"));
    check_malformed(decode_leader(
        path, R"({"node":"a","incarnation":"1","endpoint":"h:1","term":1,"phase":"serving","raised":"7:1@x"})"));
}
