#include "election/records.hpp"
#include "session_rig.hpp"
#include "support/patience.hpp"
#include "support/zookeeper_server.hpp"
#include "zookeeper/roster.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <chrono>

using namespace penholder;
using namespace penholder::testing;
using zookeeper::create_mode;
using zookeeper::operation;

namespace {

const election::group_paths orders("/rosters", "orders");

std::string record_of(const std::string& node, const std::string& incarnation) {
    member made;
    made.node = node;
    made.incarnation = incarnation;
    made.role_wanted = "candidate";
    return election::encode(made);
}

/// A group with members, and a roster of them.
struct enrolled {
    enrolled() : session(here.connect(server.connect_string())) {
        here.create(*session, "/rosters");
        here.create(*session, "/rosters/orders");
        here.create(*session, orders.members);
        add("a", "first");
        add("b", "first");
        list.emplace(*session, orders, [this](std::vector<member> now) {
            told = std::move(now);
            ++changes;
        });
        REQUIRE(here.until([&] { return lives() == "a:first b:first "; }));
    }

    void add(const std::string& node, const std::string& incarnation) {
        const auto made =
            here.create(*session, orders.member(node), record_of(node, incarnation), create_mode::ephemeral);
        REQUIRE(made.has_value());
    }
    void apply(std::vector<operation> steps) {
        REQUIRE(here.ask<void>([&](auto done) { session->transact(std::move(steps), std::move(done)); }).has_value());
    }
    std::string lives() const {
        std::string text;
        for (const auto& one : told) text += one.node + ":" + one.incarnation + " ";
        return text;
    }

    zookeeper_server server;
    rig here;
    std::unique_ptr<zookeeper::session> session;
    std::optional<zookeeper::roster> list;
    std::vector<member> told;
    int changes = 0;
};

}  // namespace

TEST_CASE("a roster follows members that come and go") {
    enrolled in;
    in.add("c", "first");
    REQUIRE(in.here.until([&] { return in.lives() == "a:first b:first c:first "; }));
    in.here.remove(*in.session, orders.member("a"));
    REQUIRE(in.here.until([&] { return in.lives() == "b:first c:first "; }));
    CHECK(in.changes == 3);
}

TEST_CASE("a member that left and came back between two looks is read anew") {
    enrolled in;
    in.apply({operation::remove(orders.member("a")),
              operation::create(orders.member("a"), record_of("a", "second"), create_mode::ephemeral)});
    REQUIRE(in.here.until([&] { return in.lives() == "a:second b:first "; }));
    in.apply({operation::remove(orders.member("a")), operation::remove(orders.member("b")),
              operation::create(orders.member("c"), record_of("c", "first"), create_mode::ephemeral),
              operation::create(orders.member("a"), record_of("a", "third"), create_mode::ephemeral)});
    REQUIRE(in.here.until([&] { return in.lives() == "a:third c:first "; }));
}

TEST_CASE("members whose parent was removed and made again are read anew") {
    enrolled in;
    in.apply({operation::remove(orders.member("a")), operation::remove(orders.member("b")),
              operation::remove(orders.members), operation::create(orders.members, "", create_mode::persistent),
              operation::create(orders.member("a"), record_of("a", "second"), create_mode::ephemeral),
              operation::create(orders.member("b"), record_of("b", "second"), create_mode::ephemeral)});
    REQUIRE(in.here.until([&] { return in.lives() == "a:second b:second "; }));
}

TEST_CASE("a znode that holds no record is left out, and read when another takes its place") {
    enrolled in;
    REQUIRE(in.here.create(*in.session, orders.member("c"), "nonsense").has_value());
    in.add("d", "first");
    REQUIRE(in.here.until([&] { return in.lives() == "a:first b:first d:first "; }));
    in.apply({operation::remove(orders.member("c")),
              operation::create(orders.member("c"), record_of("c", "first"), create_mode::ephemeral)});
    REQUIRE(in.here.until([&] { return in.lives() == "a:first b:first c:first d:first "; }));
}

TEST_CASE("a member that no session owns is left out") {
    enrolled in;
    REQUIRE(in.here.create(*in.session, orders.member("c"), record_of("c", "first")).has_value());
    in.add("d", "first");
    REQUIRE(in.here.until([&] { return in.lives() == "a:first b:first d:first "; }));
}

TEST_CASE("many members are listed where somebody asks for them, and not before") {
    enrolled in;
    in.list.reset();
    in.told.clear();
    const auto add_some = [&](int from, int to) {
        std::vector<operation> steps;
        for (int i = from; i < to; ++i) {
            const auto name = "m" + std::to_string(1000 + i);
            steps.push_back(operation::create(orders.member(name), record_of(name, "first"), create_mode::ephemeral));
        }
        in.apply(std::move(steps));
    };
    add_some(0, 80);
    in.list.emplace(*in.session, orders, [&](std::vector<member> now) {
        in.told = std::move(now);
        ++in.changes;
    });
    in.changes = 0;
    in.add("c", "first");
    CHECK_FALSE(in.here.until([&] { return in.changes > 0; }, std::chrono::milliseconds(300)));
    in.list->want();
    REQUIRE(in.here.until([&] { return in.told.size() == 83; }, limit::crowd));
    CHECK(in.changes > 1);  // What is known is told meanwhile.
    in.here.remove(*in.session, orders.member("a"));
    add_some(80, 82);
    REQUIRE(in.here.until([&] { return in.told.size() == 84; }, limit::crowd));
    in.apply({operation::remove(orders.member("b")),
              operation::create(orders.member("b"), record_of("b", "second"), create_mode::ephemeral)});
    const auto is_second = [](const member& one) { return one.node == "b" && one.incarnation == "second"; };
    REQUIRE(in.here.until([&] { return std::ranges::any_of(in.told, is_second); }, limit::crowd));
    CHECK(in.told.size() == 84);
}
