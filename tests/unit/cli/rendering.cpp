#include "cli/printer.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include <sstream>

namespace {

using namespace penholder::cli;
namespace json = boost::json;

document two_groups() {
    document made;
    made.columns = {{"group", false, true}, {"node"}, {"queued_writes", true}, {"health"}};
    made.sections.push_back({{{{"orders", tone::strong}, "term 7"}},
                             {{"orders", "orders-1", "12", {"ok", tone::good}}, {"orders", "o2", "3", "line\none"}}});
    made.sections.push_back({{{"stock", {"no leader", tone::bad}}}, {}});
    made.data = {{"groups",
                  {{{"group", "orders"}, {"term", 7}, {"paused", false}, {"leader", "orders-1"}},
                   {{"group", "stock"}, {"leader", nullptr}, {"members", json::array()}}}},
                 {"empty", json::object()}};
    return made;
}

TEST_CASE("a table has headings, capitals and aligned columns, and ends no line in blanks") {
    CHECK(render_table(two_groups(), false) ==
          "orders  term 7\n"
          "NODE      QUEUED WRITES  HEALTH\n"
          "orders-1             12  ok\n"
          "o2                    3  line\\none\n"
          "\n"
          "stock  no leader\n");
}

TEST_CASE("colours surround texts and leave the alignment as it is") {
    const std::string text = render_table(two_groups(), true);
    CHECK(text.find("\x1b[32mok\x1b[0m") != std::string::npos);
    CHECK(text.find("\x1b[31mno leader\x1b[0m") != std::string::npos);
    CHECK(render_table(two_groups(), false).find('\x1b') == std::string::npos);
}

TEST_CASE("tsv has one header, every column and escapes") {
    CHECK(render_tsv(two_groups()) ==
          "group\tnode\tqueued_writes\thealth\n"
          "orders\torders-1\t12\tok\n"
          "orders\to2\t3\tline\\none\n");
    document odd;
    odd.columns = {{"a"}, {"b"}};
    odd.sections.push_back({{}, {{"tab\there", "back\\slash\r"}, {"only one"}}});
    CHECK(render_tsv(odd, false) == "tab\\there\tback\\\\slash\\r\nonly one\t\n");
}

TEST_CASE("json is one indented document") {
    CHECK(render_json(two_groups()) == R"({
  "groups": [
    {
      "group": "orders",
      "term": 7,
      "paused": false,
      "leader": "orders-1"
    },
    {
      "group": "stock",
      "leader": null,
      "members": []
    }
  ],
  "empty": {}
}
)");
}

TEST_CASE("json stays valid whatever a znode holds") {
    document odd;
    odd.data = {{"bad \xff key", std::string("\x80\x1b[31m\"\\\n\0z", 11)}};
    const std::string text = render_json(odd);
    boost::system::error_code failed;
    const json::value back = json::parse(text, failed);
    REQUIRE_FALSE(failed);
    CHECK(back.as_object().begin()->key() == "bad \xEF\xBF\xBD key");
}

TEST_CASE("yaml is in block style and quotes what could be misread") {
    CHECK(render_yaml(two_groups()) ==
          "groups:\n"
          "  - group: orders\n"
          "    term: 7\n"
          "    paused: false\n"
          "    leader: orders-1\n"
          "  - group: stock\n"
          "    leader: null\n"
          "    members: []\n"
          "empty: {}\n");
    document odd;
    odd.data = {"yes", "No",    "null",       "2026-11-23",  "a: b",         "- x",
                "",    "12:30", "plain/word", "line\nbreak", "\x7f\xc2\x85", json::array{"nested", json::array{1, 2}}};
    CHECK(render_yaml(odd) ==
          "- \"yes\"\n- \"No\"\n- \"null\"\n- \"2026-11-23\"\n- \"a: b\"\n- \"- x\"\n- \"\"\n- \"12:30\"\n"
          "- plain/word\n- \"line\\nbreak\"\n- \"\\x7f\\x85\"\n- - nested\n  - - 1\n    - 2\n");
}

TEST_CASE("a stream is json by line, yaml by document and tsv under one header") {
    document one;
    one.columns = {{"what"}};
    one.sections.push_back({{}, {{"joined"}}});
    one.data = {{"what", "joined"}};
    one.text = "joined\n";
    const auto twice = [&](format how) {
        std::istringstream in;
        std::ostringstream out;
        std::ostringstream err;
        terminal screen{in, out, err};
        printer print(how, screen);
        print.stream(one);
        print.stream(one);
        CHECK(err.str().empty());
        return out.str();
    };
    CHECK(twice(format::table) == "joined\njoined\n");
    CHECK(twice(format::json) == "{\"what\":\"joined\"}\n{\"what\":\"joined\"}\n");
    CHECK(twice(format::yaml) == "---\nwhat: joined\n---\nwhat: joined\n");
    CHECK(twice(format::tsv) == "what\njoined\njoined\n");
}

TEST_CASE("talk goes to stderr, a line each, harmless to a terminal") {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    terminal screen{in, out, err};
    printer print(format::json, screen);
    print.say("one\ntwo \x1b[31m");
    print.warn("three");
    CHECK(out.str().empty());
    CHECK(err.str() == "penholder: one\npenholder: two \\x1b[31m\npenholder: warning: three\n");
}

}  // namespace
