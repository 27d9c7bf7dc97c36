#include "source_classes.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <filesystem>

using namespace penholder::testing;

namespace {

/// A reader meets classes, not files: past these a class has a second noun, or a state that wants to be a variant.
constexpr class_size bounds{.lines = 350, .members = 15, .bools = 6};
constexpr std::size_t longest_function = 70;

/// A class that may be larger than the bounds, by how much, and why it is no two classes.
struct exception {
    std::string name;
    class_size allowed;
    std::string reason;
};

const std::vector<exception>& exceptions() {
    static const std::vector<exception> all{
        {"penholder::group_options",
         {.lines = 350, .members = 26, .bools = 6},
         "A public face of settings that an application names one by one; none depends on another."},
        {"penholder::group_status",
         {.lines = 350, .members = 20, .bools = 6},
         "What status shows of a group: a flat list of facts that are copied and never changed."},
        {"penholder::write_counters",
         {.lines = 350, .members = 17, .bools = 6},
         "A flat list of counts, each of which stands for itself."},
        {"penholder::lane::lane_counters",
         {.lines = 350, .members = 16, .bools = 6},
         "A flat list of counts, each of which stands for itself."},
        {"penholder::lane::queued_write",
         {.lines = 350, .members = 17, .bools = 6},
         "What was learned about a write that waits: a flat list of facts, each of which stands for itself."},
        {"penholder::lane::applier",
         {.lines = 390, .members = 15, .bools = 6},
         "One call for each event of the lane and of its sessions; most hand it on to the part that it concerns."},
        {"penholder::lane::session_transaction",
         {.lines = 360, .members = 15, .bools = 6},
         "One transaction from BEGIN to its answer: what each reply means depends on all that was sent before it."},
        {"penholder::lane::session_pool",
         {.lines = 370, .members = 15, .bools = 6},
         "The sessions' states and the writes that wait for them, which change together with each event."},
        {"penholder::api::problem",
         {.lines = 350, .members = 16, .bools = 6},
         "The members of a problem document: a flat list that is written once and never changed."},
        {"penholder::election::elector_options",
         {.lines = 350, .members = 23, .bools = 6},
         "Settings, each of which stands for itself."},
        {"penholder::election::elector_state",
         {.lines = 350, .members = 19, .bools = 6},
         "All that an elector remembers: parts, each with its own invariants, and questions that need several."},
        {"penholder::zookeeper::session_core",
         {.lines = 350, .members = 20, .bools = 6},
         "The shell of the ZooKeeper client: its handle, timers, waiters and the host's callbacks, and no decision."},
    };
    return all;
}

bool within(const class_size& size, const class_size& most) {
    return size.lines <= most.lines && size.members <= most.members && size.bools <= most.bools;
}

class_size allowed_for(const std::string& name) {
    const auto found = std::ranges::find(exceptions(), name, &exception::name);
    return found == exceptions().end() ? bounds : found->allowed;
}

const source_classes& product() {
    static const auto read = [] {
        std::vector<std::string> folders;
        for (const auto* each : {"lib", "api", "config", "daemon", "cli"})
            if (std::filesystem::exists(std::filesystem::path(PENHOLDER_SOURCE_DIR) / each)) folders.emplace_back(each);
        return classes_below(folders);
    }();
    return read;
}

}  // namespace

TEST_CASE("the classes and functions of the product are found") {
    CHECK(product().classes.size() > 300);
    CHECK(product().functions.size() > 1000);
    REQUIRE(product().classes.contains("penholder::group_options"));
    CHECK(product().classes.at("penholder::group_options").members > 15);
}

TEST_CASE("no class is larger than 350 lines, 15 data members and 6 bools over all its files") {
    for (const auto& [name, size] : product().classes) {
        INFO(name << " has " << size.lines << " lines, " << size.members << " data members, " << size.bools
                  << " bools");
        CHECK(within(size, allowed_for(name)));
    }
}

TEST_CASE("no function is longer than 70 lines") {
    for (const auto& each : product().functions) {
        INFO(each.name << " at " << each.place);
        CHECK(each.lines <= longest_function);
    }
}

TEST_CASE("every class that is excepted from the bounds needs it, and says why") {
    for (const auto& each : exceptions()) {
        INFO(each.name);
        CHECK(each.reason.size() > 20);
        const auto found = product().classes.find(each.name);
        REQUIRE(found != product().classes.end());
        CHECK_FALSE(within(found->second, bounds));
    }
}
