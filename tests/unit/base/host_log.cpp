#include "base/log_event.hpp"

#include <penholder/log.hpp>

#include <catch2/catch_test_macros.hpp>
#include <spdlog/logger.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace penholder;

namespace {

using heard_lines = std::vector<std::pair<log_level, std::string>>;

/// A host that keeps what its sink is given, for as long as this exists.
struct listening_host {
    explicit listening_host(log_level least) {
        set_log(least, [this](log_level level, std::string_view line) { heard.emplace_back(level, line); });
    }
    ~listening_host() { set_log(std::make_shared<spdlog::logger>("penholder")); }
    listening_host(const listening_host&) = delete;
    listening_host& operator=(const listening_host&) = delete;

    heard_lines heard;
};

}  // namespace

TEST_CASE("a host's sink gets each line by itself with its level") {
    const listening_host host(log_level::info);
    log_debug("unheard");
    log_info("started").with("node", "a");
    log_warn("link_lost").with("reason", "it said \"no\"\n");
    log_error("session_refused");
    CHECK(host.heard == heard_lines{{log_level::info, "started node=a"},
                                    {log_level::warning, "link_lost reason=\"it said \\\"no\\\"\\n\""},
                                    {log_level::error, "session_refused"}});
}

TEST_CASE("lines below the level that a host asks for cost nothing and are not heard") {
    const listening_host host(log_level::error);
    log_warn("link_lost");
    CHECK(host.heard.empty());
    CHECK_FALSE(penholder::log().should_log(spdlog::level::warn));
}

TEST_CASE("a sink that throws costs its line, not the program") {
    set_log(log_level::info, [](log_level, std::string_view) { throw std::runtime_error("no room"); });
    CHECK_NOTHROW(log_info("started"));
    set_log(std::make_shared<spdlog::logger>("penholder"));
}

TEST_CASE("without a sink warnings and errors go to stderr") {
    set_log(log_level::debug, {});
    CHECK(penholder::log().level() == spdlog::level::warn);
    CHECK(penholder::log().sinks().size() == 1);
    set_log(std::make_shared<spdlog::logger>("penholder"));
}
