#include "lane/plain_shapes.hpp"

#include "lane_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::lane;
using namespace penholder::lane::testing;
using namespace std::chrono_literals;
using way = plain_shapes::way;

namespace {

struct shapes_bench {
    shapes_bench() { shapes.seen(stamp); }

    plain_shapes::found look(const std::string& sql, plain_shapes::time_point at = now) {
        return shapes.look_at(keyed("k", sql).taken.what, at);
    }
    bool judged(const std::string& sql, result<sql::judgement> what, plain_shapes::time_point at = now) {
        return shapes.judged(shape(sql), std::move(what), at);
    }
    static std::string shape(const std::string& sql) { return keyed("k", sql).taken.what.shapes().front(); }

    template <class Action>
    std::vector<Action> said() {
        std::vector<Action> found;
        for (auto& one : out.take()) {
            if (auto* what = std::get_if<Action>(&one)) found.push_back(std::move(*what));
        }
        return found;
    }

    lane_outbox out;
    plain_shapes shapes{out};
};

const std::string insert = "INSERT INTO t (a) VALUES (1)";

void check_apart_for_a_while(shapes_bench& on, const std::string& why, std::uint64_t generation_before) {
    CHECK(on.look(insert).where == way::session);
    CHECK(on.look(insert).why_not == why);
    CHECK(on.shapes.generation() != generation_before);
    CHECK(on.look(insert, now + 3s).where == way::lane);
}

}  // namespace

TEST_CASE("a shape that is not known is asked about once, and its writes do not wait for the answer") {
    shapes_bench on;
    CHECK(on.look(insert).where == way::unknown);
    CHECK(on.look(insert).where == way::unknown);
    const auto asked = on.said<action::judge>();
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].shape == shapes_bench::shape(insert));
    CHECK(asked[0].sql == insert);
}

TEST_CASE("what is judged plain takes the lane, with the tables that it stamps; what is not says why not") {
    shapes_bench on;
    on.judged(insert, plain({"public.t"}));
    const auto found = on.look(insert);
    CHECK(found.where == way::lane);
    CHECK(found.stamped_tables == std::vector<std::string>{"public.t"});
    on.judged(plain_sql, not_plain("trigger"));
    CHECK(on.look(plain_sql).where == way::session);
    CHECK(on.look(plain_sql).why_not == "trigger");
}

TEST_CASE("a write is plain only where all its statements are") {
    shapes_bench on;
    on.judged(insert, plain());
    on.judged(plain_sql, not_plain("trigger"));
    const auto both = [&](const std::string& second) {
        const auto one = a_write(write_id::parse("k").value(), {statement(insert), statement(second)});
        return on.shapes.look_at(one.taken.what, now);
    };
    CHECK(both(insert).where == way::lane);
    CHECK(both(plain_sql).where == way::session);
    CHECK(both("DELETE FROM t").where == way::unknown);
}

TEST_CASE("that a shape is not plain is told once, also after the catalogue has changed") {
    shapes_bench on;
    on.judged(plain_sql, not_plain("trigger"));
    CHECK(on.said<action::not_plain>().size() == 1);
    on.shapes.drop();
    on.judged(plain_sql, not_plain("trigger"));
    CHECK(on.said<action::not_plain>().empty());
}

TEST_CASE("a question that nobody could answer is asked again after a pause") {
    shapes_bench on;
    on.look(insert);
    on.said<action::judge>();
    on.judged(insert, error{errc::database_unreachable, "gone"});
    CHECK(on.look(insert).where == way::session);
    CHECK(on.said<action::judge>().empty());
    CHECK(on.look(insert, now + 2s).where == way::unknown);
    CHECK(on.said<action::judge>().size() == 1);
}

TEST_CASE("not more than sixteen questions are without an answer, and the next one follows an answer") {
    shapes_bench on;
    const auto numbered = [](int n) { return "UPDATE t" + std::to_string(n) + " SET a = a"; };
    for (int n = 0; n < 20; ++n) on.look(numbered(n));
    CHECK(on.said<action::judge>().size() == 16);
    on.judged(numbered(0), plain());
    on.look(numbered(19));
    CHECK(on.said<action::judge>().size() == 1);
}

TEST_CASE("where the database has no stamp nothing is plain, and nothing is asked") {
    shapes_bench on;
    on.judged(insert, plain());
    CHECK_FALSE(on.shapes.seen({0}));
    CHECK(on.look(insert).where == way::session);
    CHECK(on.look(insert).why_not == "no_catalogue_stamp");
    CHECK(on.said<action::judge>().empty());
}

TEST_CASE("facts of another catalogue than the lane's are dropped, whichever side has seen the change first") {
    shapes_bench on;
    on.judged(insert, plain());
    const auto before = on.shapes.generation();
    SECTION("the lane's connection was made again") {
        CHECK_FALSE(on.shapes.seen({6}));
        CHECK(on.look(insert).where == way::unknown);
    }
    SECTION("a judgement came under a newer one: even that is not plain until the lane has seen it") {
        CHECK_FALSE(on.judged(plain_sql, plain({}, {6})));
        CHECK(on.shapes.is_dropped());
        CHECK(on.look(insert).where == way::unknown);
        CHECK(on.look(plain_sql).where == way::unknown);
        CHECK(on.shapes.seen({6}));
        CHECK(on.look(plain_sql).where == way::lane);
        CHECK(on.look(insert).where == way::unknown);
    }
    SECTION("a batch found it out") {
        on.shapes.drop();
        CHECK(on.look(insert).where == way::unknown);
        CHECK(on.shapes.seen({6}));
        CHECK(on.look(insert).where == way::unknown);
    }
    SECTION("the trigger that keeps the stamp is gone") {
        CHECK_FALSE(on.judged(plain_sql, plain({}, {0})));
        CHECK(on.look(insert).where == way::unknown);
    }
    CHECK(on.shapes.generation() != before);
}

TEST_CASE("a judgement that is older than the lane's catalogue is worth nothing, and what is known stays") {
    shapes_bench on;
    on.judged(insert, plain());
    on.look(plain_sql);
    CHECK(on.said<action::judge>().size() == 1);
    CHECK(on.judged(plain_sql, plain({}, {4})));
    CHECK(on.look(insert).where == way::lane);
    CHECK(on.look(plain_sql).where == way::unknown);
    CHECK(on.said<action::judge>().size() == 1);
}

TEST_CASE("a shape that holds the lane up again and again takes sessions for a while") {
    shapes_bench on;
    on.judged(insert, plain());
    const auto before = on.shapes.generation();
    for (int time = 0; time < 5; ++time) on.shapes.held_up(shapes_bench::shape(insert), 20ms, now);
    CHECK(on.look(insert).where == way::lane);
    on.shapes.held_up(shapes_bench::shape(insert), 20ms, now);
    check_apart_for_a_while(on, "held_the_lane_up", before);
}

TEST_CASE("a shape that fails in batches more often than not takes sessions for a while") {
    shapes_bench on;
    on.judged(insert, plain());
    for (int batch = 0; batch < 20; ++batch) on.shapes.failed(shapes_bench::shape(insert), 1, 2, now);
    CHECK(on.look(insert).where == way::lane);
    const auto before = on.shapes.generation();
    for (int batch = 0; batch < 12; ++batch) on.shapes.failed(shapes_bench::shape(insert), 1, 0, now);
    check_apart_for_a_while(on, "fails_in_batches", before);
}

TEST_CASE("a shape that returned much takes sessions for a while") {
    shapes_bench on;
    on.judged(insert, plain());
    const auto before = on.shapes.generation();
    on.shapes.returned_much(shapes_bench::shape(insert), now);
    check_apart_for_a_while(on, "returns_much", before);
    const auto apart = on.shapes.generation();
    on.shapes.returned_much(shapes_bench::shape(insert), now + 2s);
    CHECK(on.shapes.generation() == apart);  // What may take the lane is as before: nobody is looked at again.
    CHECK(on.look(insert, now + 4s).where == way::session);
}

TEST_CASE("one that holds it up now and then does not") {
    shapes_bench on;
    on.judged(insert, plain());
    for (int second = 0; second < 20; ++second) {
        on.shapes.held_up(shapes_bench::shape(insert), 100ms, now + second * 1001ms);
    }
    CHECK(on.look(insert, now + 20s).where == way::lane);
}

TEST_CASE("what a write leaves in its session is the worst that its statements leave") {
    using enum sql::residue;
    shapes_bench on;
    const auto leaves = [&](auto... sql) { return on.shapes.leaves(keyed("k", sql...).taken.what); };
    CHECK(leaves(insert) == unclean);
    on.judged(insert, not_plain("trigger", cleanable));
    CHECK(leaves(insert) == cleanable);
    on.judged(plain_sql, not_plain("volatile_function", unclean));
    CHECK(leaves(plain_sql) == unclean);
    on.judged("DELETE FROM t", plain());
    CHECK(leaves("DELETE FROM t") == nothing);
}

TEST_CASE("so many shapes are kept, and the oldest is forgotten first") {
    shapes_bench on;
    const auto numbered = [](int n) { return "UPDATE t" + std::to_string(n) + " SET a = a"; };
    for (int n = 0; n <= 4096; ++n) on.judged(numbered(n), plain());
    CHECK(on.shapes.size() == 4096);
    CHECK(on.look(numbered(0)).where == way::unknown);
    CHECK(on.look(numbered(1)).where == way::lane);
}
