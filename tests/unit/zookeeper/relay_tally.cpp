#include "zookeeper/relay_tally.hpp"

#include "base/log.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <spdlog/sinks/ostream_sink.h>

#include <algorithm>
#include <memory>
#include <sstream>

using namespace penholder;
using namespace penholder::zookeeper;
using Catch::Matchers::ContainsSubstring;
using cause = relay_refusal::cause;

namespace {

/// A tally, and what it has the log say.
class told_tally {
public:
    told_tally() {
        auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text_);
        set_log(std::make_shared<spdlog::logger>("penholder", std::move(sink)));
    }
    ~told_tally() { set_log(std::make_shared<spdlog::logger>("penholder")); }
    told_tally(const told_tally&) = delete;
    told_tally& operator=(const told_tally&) = delete;

    std::size_t lines() const {
        const auto all = text_.str();
        return static_cast<std::size_t>(std::ranges::count(all, '\n'));
    }
    std::string text() const { return text_.str(); }

    relay_tally tally{"zk1:2281"};

private:
    std::ostringstream text_;
};

}  // namespace

TEST_CASE("a server that is refused is told once, until a connection was made") {
    told_tally one;
    for (int times = 0; times < 3; ++times) one.tally.refused({cause::expired, "too old"});
    CHECK(one.lines() == 1);
    CHECK_THAT(one.text(),
               ContainsSubstring("ensemble_server_refused server=zk1:2281 cause=expired reason=\"too old\""));
    CHECK(one.tally.refusal() == "server zk1:2281: too old");
    one.tally.connected();
    CHECK_FALSE(one.tally.refusal());
    CHECK(one.tally.now().trouble.empty());
    one.tally.refused({cause::expired, "too old"});
    CHECK(one.lines() == 2);
    CHECK(one.tally.now().refusals == std::vector<refusal_count>{{"expired", 4}});
    CHECK(one.tally.now().connections == 1);
}

TEST_CASE("what may pass is told when it has not passed") {
    told_tally one;
    one.tally.refused({cause::closed, "closed"});
    CHECK(one.lines() == 0);
    one.tally.refused({cause::unreachable, "away"});
    one.tally.refused({cause::closed, "closed"});
    CHECK(one.lines() == 0);
    one.tally.refused({cause::closed, "closed"});
    one.tally.refused({cause::closed, "closed"});
    CHECK(one.lines() == 1);
}

TEST_CASE("a server that is away is trouble, and no refusal; a stranger is neither") {
    told_tally one;
    one.tally.refused({cause::unreachable, "away"});
    CHECK_FALSE(one.tally.refusal());
    CHECK(one.tally.now().trouble == "away");
    one.tally.connected();
    for (int times = 0; times < 2; ++times) one.tally.refused({cause::other_process, "another process"});
    CHECK(one.tally.now().trouble.empty());
    CHECK_FALSE(one.tally.refusal());
    CHECK(one.lines() == 1);
    CHECK(one.tally.now().refusals == std::vector<refusal_count>{{"other_process", 2}, {"unreachable", 1}});
    CHECK_FALSE(one.tally.was_hung_up_on());
    one.tally.hung_up();
    CHECK(one.tally.was_hung_up_on());
}
