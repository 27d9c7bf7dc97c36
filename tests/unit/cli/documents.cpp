#include "cli/survey/documents.hpp"

#include "cli/duration.hpp"
#include "cli/render/renderer.hpp"
#include "samples.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

namespace {

using namespace penholder;
using namespace penholder::cli;

const wall_time noon = *parse_time("2026-11-23T19:33:12Z");

TEST_CASE("status makes the state of a group plain at a glance") {
    survey seen = sample_survey();
    seen.nodes[2] = silent_report(3);
    seen.groups[0].candidates[2].eligible = false;
    const auto made = describe_status(seen, conclude(seen, ""), noon);
    CHECK(render_table(made, false) ==
          "orders  term 7  leader orders-1  serving  since 2026-11-23T19:30:00Z, for 3m12s\n"
          "NODE      ROLE      HEALTH       ELIGIBLE  PRIORITY  QUEUE  PENDING  CONTACT  VERSION\n"
          "orders-1  leader    ok           yes             10     12        0        -  0.1.0\n"
          "orders-2  follower  ok           yes              0      0        0     40ms  0.1.0\n"
          "orders-3  follower  unreachable  no               0      -        -        -  0.1.0\n");
    CHECK(
        render_tsv(made).starts_with("group\tterm\tnode\trole\thealth\teligible\tpriority\tqueue\tpending\tcontact\t"
                                     "version\norders\t7\torders-1\tleader\tok\tyes\t10\t12\t0\t-\t0.1.0\n"));
    const auto& leader = made.data.at("groups").at(0).at("leader");
    CHECK(leader.at("term") == 7);
    CHECK(leader.at("phase") == "serving");
    CHECK(leader.at("for_ms") == 192000);
}

TEST_CASE("however much a node says of its health, its cell is one short line, and the data have all of it") {
    survey seen = sample_survey();
    const std::string long_text =
        "the database cannot be used: FATAL:  the database system is starting up, and more of it";
    seen.nodes[1].status->groups[0].trouble = long_text + "\nDETAIL: more";
    seen.nodes[2].status->groups[0].trouble = "first\nsecond";
    const auto made = describe_status(seen, conclude(seen, ""), noon);
    const auto shown = render_table(made, false);
    CHECK(shown.find("  " + long_text.substr(0, 60) + "…  ") != std::string::npos);
    CHECK(shown.find("  first…  ") != std::string::npos);
    CHECK(std::ranges::count(shown, '\n') == 5);
    CHECK(made.data.at("groups").at(0).at("members").at(1).at("health").as_string() == long_text + "\nDETAIL: more");
    seen.nodes[1].status->groups[0].trouble = std::string(59, 'x') + "ä";
    CHECK(render_table(describe_status(seen, conclude(seen, ""), noon), false).find(std::string(59, 'x') + "…  ") !=
          std::string::npos);
}

TEST_CASE("status without a leader says so in its heading") {
    survey seen = sample_survey();
    seen.groups[0].leader.reset();
    seen.groups[0].control.paused = true;
    const auto made = describe_status(seen, conclude(seen, ""), noon);
    CHECK(render_table(made, false).starts_with("orders  term 7  no leader  paused\n"));
    CHECK(made.data.at("groups").at(0).at("leader").is_null());
}

TEST_CASE("the leader is one line") {
    const auto made = describe_leaders(conclude(sample_survey(), ""), noon);
    CHECK(render_table(made, false) ==
          "GROUP   LEADER    ENDPOINT       TERM  PHASE    SINCE                       FOR\n"
          "orders  orders-1  10.0.0.1:7431     7  serving  2026-11-23T19:30:00.000Z  3m12s\n");
}

TEST_CASE("history is newest first and tells how long each term lasted") {
    const auto made = describe_history(conclude(sample_survey(), ""), noon);
    CHECK(render_tsv(made) ==
          "group\tterm\tleader\tsince\tlasted\tbegan\tevidence\n"
          "orders\t7\torders-1\t2026-11-23T19:30:00.000Z\t3m12s\thandover\t\n"
          "orders\t6\torders-2\t2026-11-23T19:00:00.000Z\t30m\telection\t\n");
    survey vacant = sample_survey();
    vacant.groups[0].leader.reset();
    const auto open = describe_history(conclude(vacant, ""), noon);
    CHECK(open.data.at(0).at("lasted_ms").is_null());
    CHECK(open.data.at(1).at("lasted_ms") == 1800000);
}

TEST_CASE("a change is one line for people and one object for programs") {
    const auto made = describe_change({"orders", "leader", "orders-2", 8, "fencing"}, noon);
    CHECK(render_table(made, false) == "2026-11-23T19:33:12Z  orders  leader    orders-2  term 8  fencing\n");
    CHECK(render_json_line(made) ==
          "{\"at\":\"2026-11-23T19:33:12Z\",\"group\":\"orders\",\"change\":\"leader\","
          "\"node\":\"orders-2\",\"term\":8,\"detail\":\"fencing\"}\n");
}

TEST_CASE("members show where they can be reached") {
    const auto made = describe_members(conclude(sample_survey(), ""));
    CHECK(made.data.at(1).at("http_endpoint") == "127.0.0.1:7432");
    CHECK(render_tsv(made).find("orders\torders-3\tfollower\t10.0.0.3:7431\t127.0.0.1:7433\t0.1.0\t") !=
          std::string::npos);
}

}  // namespace
