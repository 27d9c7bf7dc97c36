#include "zookeeper/open_znodes.hpp"

#include "base/log.hpp"
#include "election/paths.hpp"
#include "session_rig.hpp"
#include "support/zookeeper_server.hpp"

#include <catch2/catch_test_macros.hpp>
#include <spdlog/sinks/ostream_sink.h>

#include <algorithm>
#include <sstream>

using namespace penholder;
using namespace penholder::testing;

namespace {

using paths_found = std::vector<std::string>;

std::size_t lines_with(const std::string& text, const std::string& word) {
    std::size_t count = 0;
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++count;
    return count;
}

}  // namespace

TEST_CASE("znodes that were made without a digest are found open, those that were made with one are not") {
    zookeeper_server server;
    rig here;
    const auto without = here.connect(server.connect_string());
    auto secured = here.options(server.connect_string());
    secured.digest = "penholder:secret";
    const auto with = here.connect(secured);
    const election::group_paths paths("/penholder", "orders");
    REQUIRE(here.create(*without, "/penholder").has_value());
    REQUIRE(here.create(*with, paths.group).has_value());
    REQUIRE(here.create(*with, paths.members).has_value());
    CHECK(here.await(zookeeper::open_znodes(*with, "/penholder", "orders")).value() == paths_found{"/penholder"});
    REQUIRE(here.create(*with, paths.terms).has_value());
    REQUIRE(here.create(*without, "/penholder/other").has_value());
    CHECK(here.await(zookeeper::open_znodes(*with, "/penholder", "other")).value() ==
          paths_found{"/penholder", "/penholder/other"});
}

TEST_CASE("an outage of the ensemble does not fill the log: the first handles that are replaced, then ever fewer") {
    std::ostringstream text;
    auto logger = std::make_shared<spdlog::logger>("penholder", std::make_shared<spdlog::sinks::ostream_sink_mt>(text));
    set_log(logger);
    rig here;
    zookeeper::session session(here.io.get_executor(), here.options("127.0.0.1:1", 100));
    session.open();
    CHECK(here.until([&] { return text.str().find("times=8") != std::string::npos; }));
    set_log(std::make_shared<spdlog::logger>("penholder"));
    CHECK(lines_with(text.str(), "session_handle_replaced") == 4);
}
