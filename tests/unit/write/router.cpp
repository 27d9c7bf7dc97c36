#include "router_fixture.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace penholder;
using namespace penholder::testing;

TEST_CASE("what is pending is bounded in bytes too, but one write alone is always taken") {
    auto settings = bench::defaults();
    settings.max_pending_bytes = 1000;
    bench on(settings);
    const auto large = [](const std::string& id) {
        penholder::write what(id);
        what.add("INSERT INTO t VALUES ($1)", std::string(2000, 'x'));
        return what;
    };
    const auto is_overloaded = [](const actions& done) {
        const auto* told = done.empty() ? nullptr : std::get_if<answer_caller>(&done.front());
        return told != nullptr && told->receipt.why && told->receipt.why->code == errc::overloaded;
    };
    CHECK(on.routed.submit(ticket{101}, large("a"), on.now).empty());
    CHECK(is_overloaded(on.routed.submit(ticket{102}, large("b"), on.now)));
    on.pass(6s);
    CHECK(on.routed.pending() == 0);
    CHECK(on.routed.submit(ticket{103}, large("c"), on.now).empty());
}

TEST_CASE("the leader applies its own writes") {
    bench on;
    on.routed.leader_here(term{3}, on.now);
    CHECK(text(on.submit()) == "apply 1");
    CHECK(text(on.reply(1, bench::committed())) == "answer 1 committed");
    CHECK(on.routed.pending() == 0);
    CHECK_FALSE(on.routed.next_deadline());
}

TEST_CASE("a follower forwards once the link of the leader's term is up") {
    bench on;
    on.routed.leader_there(term{5}, "n2", "127.0.0.1:2", on.now);
    CHECK(text(on.submit()).empty());
    CHECK(text(on.routed.link_up(term{4}, 10, on.now)).empty());
    CHECK(text(on.routed.link_up(term{5}, 10, on.now)) == "forward 1");
    CHECK(text(on.submit()) == "forward 2");
}

TEST_CASE("writes wait while nobody leads and go out in order of arrival") {
    bench on;
    for (int i = 0; i < 3; ++i) CHECK(on.submit().empty());
    CHECK(text(on.routed.leader_here(term{1}, on.now)) == "apply 1; apply 2; apply 3");
}

TEST_CASE("a write that nobody could take is rejected with how long there was no leader and who led last") {
    bench on;
    on.follow(4);
    on.routed.link_down(on.now);
    on.routed.leader_unknown(on.now);
    on.submit("k", 300ms);
    CHECK(on.routed.next_deadline() == on.now + 300ms);
    const auto out = on.pass(300ms);
    CHECK(text(out) == "answer 1 rejected no_leader");
    CHECK(answer_in(out).write_id == "k");
    CHECK(answer_in(out).why->message.find("for 300 ms; 'n2' led last, with term 4") != std::string::npos);
}

TEST_CASE("a write that waits for the link of a known leader is rejected as expired") {
    bench on;
    on.routed.leader_there(term{5}, "n2", "127.0.0.1:2", on.now);
    on.submit("k", 100ms);
    CHECK(text(on.pass(100ms)) == "answer 1 rejected deadline_expired");
}

TEST_CASE("what was sent on a link that went down is sent again with the same id to the next leader") {
    bench on;
    on.follow();
    const auto first = on.submit();
    const auto id = std::get<forward>(first.front()).attempt.what.id().text();
    CHECK(on.routed.link_down(on.now).empty());
    const auto second = on.routed.leader_here(term{6}, on.now);
    CHECK(text(second) == "apply 1 again");
    CHECK(std::get<apply>(second.front()).attempt.what.id().text() == id);
}

TEST_CASE("a sent write whose proof never comes is unknown, never rejected") {
    bench on;
    on.follow();
    on.submit("k", 200ms);
    on.routed.link_down(on.now);
    on.routed.leader_unknown(on.now);
    const auto out = on.pass(200ms);
    CHECK(text(out) == "answer 1 unknown outcome_unknown");
    CHECK(answer_in(out).why->message.find("ask again with write id 'k'") != std::string::npos);
}

TEST_CASE("the leader's own answer has a grace past the deadline before the router gives up") {
    bench on;
    on.follow();
    on.submit("k", 200ms);
    CHECK(on.pass(200ms).empty());
    CHECK(text(on.reply(1, handed_back(errc::deadline_expired, "late"))) == "answer 1 rejected deadline_expired");
    on.submit("l", 200ms);
    CHECK(on.pass(200ms).empty());
    CHECK(text(on.pass(250ms)) == "answer 2 unknown outcome_unknown");
}

TEST_CASE("a write that was handed back waits and goes out at the next link or after a short while") {
    for (const auto why : {errc::not_leader, errc::shutting_down, errc::database_unreachable}) {
        bench on;
        on.follow();
        on.submit();
        CHECK(on.reply(1, handed_back(why, "no")).empty());
        CHECK(on.routed.next_deadline() == on.now + 10ms);
        CHECK(text(on.pass(10ms)) == "forward 1");
        CHECK(on.reply(1, handed_back(why, "no")).empty());
        CHECK(on.routed.next_deadline() == on.now + 20ms);
        CHECK(text(on.routed.leader_here(term{6}, on.now)) == "apply 1");
    }
}

TEST_CASE("a hand-back does not take away the doubt of an earlier attempt") {
    bench on;
    on.follow();
    on.submit("k", 500ms);
    on.routed.link_down(on.now);
    CHECK(text(on.routed.link_up(term{5}, 10, on.now)) == "forward 1 again");
    CHECK(on.reply(1, handed_back(errc::overloaded, "full")).empty());
    CHECK(text(on.pass(20ms)) == "forward 1 again");
    CHECK(text(on.reply(1, handed_back(errc::deadline_expired, "late"))) == "answer 1 unknown outcome_unknown");
}

TEST_CASE("what PostgreSQL raised last is told with an outcome that is unknown, with advice") {
    bench on;
    on.follow();
    on.submit("k", 500ms);
    auto refused =
        undecided(write_verdict::in_doubt, {errc::database_unreachable, "42501: permission denied", "42501"});
    CHECK(on.reply(1, refused).empty());
    const auto out = on.pass(500ms);
    CHECK(text(out) == "answer 1 unknown outcome_unknown");
    const auto& why = *answer_in(out).why;
    CHECK(why.sqlstate == "42501");
    CHECK(why.message.find("(42501: permission denied)") != std::string::npos);
    CHECK(why.hint.find("penholder init --lane-role") != std::string::npos);
}

TEST_CASE("a full queue turns a fresh write away and lets one that was held try again") {
    bench on;
    on.follow();
    on.submit();
    CHECK(text(on.reply(1, handed_back(errc::overloaded, "full"))) == "answer 1 rejected overloaded");
    on.routed.link_down(on.now);
    on.submit();
    CHECK(text(on.routed.link_up(term{5}, 10, on.now)) == "forward 2");
    CHECK(on.reply(2, handed_back(errc::overloaded, "full")).empty());
    CHECK(text(on.pass(10ms)) == "forward 2");
}

TEST_CASE("a write that waited for its turn on the link only is turned away by a full queue like a fresh one") {
    bench on;
    on.routed.leader_there(term{5}, "n2", "127.0.0.1:2", on.now);
    on.routed.link_up(term{5}, 1, on.now);
    CHECK(text(on.submit()) == "forward 1");
    CHECK(on.submit().empty());
    CHECK(text(on.reply(1, bench::committed())) == "answer 1 committed; forward 2");
    CHECK(text(on.reply(2, handed_back(errc::overloaded, "full"))) == "answer 2 rejected overloaded");
}

TEST_CASE("in flight is asked again after a resend and refused for a stranger's write") {
    bench on;
    on.follow();
    on.submit("k");
    CHECK(text(on.reply(1, bench::busy())) == "answer 1 unknown in_flight");
    on.submit("l");
    on.routed.link_down(on.now);
    on.routed.link_up(term{5}, 10, on.now);
    CHECK(on.reply(2, bench::busy()).empty());
    CHECK(text(on.pass(20ms)) == "forward 2 again");
    CHECK(text(on.reply(2, bench::committed())) == "answer 2 committed");
}

TEST_CASE("a write in doubt is sent again until a receipt decides it") {
    bench on;
    on.routed.leader_here(term{3}, on.now);
    on.submit("k");
    CHECK(on.reply(1, bench::doubtful()).empty());
    CHECK(text(on.pass(10ms)) == "apply 1 again");
    CHECK(text(on.reply(1, bench::committed())) == "answer 1 committed");
}

TEST_CASE("an answer that the ledger has forgotten is unknown at once") {
    bench on;
    on.follow();
    on.submit("k");
    CHECK(text(on.reply(1, {write_verdict::in_doubt, {}, errc::receipt_expired, "gone", {}})) ==
          "answer 1 unknown receipt_expired");
}

TEST_CASE("no more writes are on the link than the leader takes at once") {
    bench on;
    on.follow(5, 2);
    CHECK(text(on.submit()) == "forward 1");
    CHECK(text(on.submit()) == "forward 2");
    CHECK(on.submit().empty());
    CHECK(on.submit().empty());
    CHECK(text(on.reply(2, bench::committed())) == "answer 2 committed; forward 3");
}

TEST_CASE("the pending table is bounded") {
    auto settings = bench::defaults();
    settings.max_pending = 2;
    bench on(settings);
    on.submit();
    on.submit();
    CHECK(text(on.submit()) == "answer 3 rejected overloaded");
}

TEST_CASE("the same write id twice at one node is in flight") {
    bench on;
    on.submit("k");
    CHECK(text(on.submit("k")) == "answer 2 unknown in_flight");
}

TEST_CASE("a hint of a newer term is followed once") {
    bench on;
    on.follow(5);
    on.submit();
    on.submit();
    const leader_hint newer{{7}, "n3", "127.0.0.1:3"};
    CHECK(text(on.reply(1, handed_back(errc::not_leader, "no", newer))) == "hint 7 n3");
    CHECK(on.reply(2, handed_back(errc::not_leader, "no", newer)).empty());
    on.routed.leader_there(term{7}, "n3", "127.0.0.1:3", on.now);
    CHECK(text(on.routed.link_up(term{7}, 10, on.now)) == "forward 1; forward 2");
}

TEST_CASE("an older hint is no news") {
    bench on;
    on.follow(5);
    on.submit();
    CHECK(on.reply(1, handed_back(errc::not_leader, "no", leader_hint{{4}, "n3", ""})).empty());
}

TEST_CASE("a late answer to a write that waits again counts only when it decides") {
    bench on;
    on.follow();
    on.submit("k");
    on.routed.link_down(on.now);
    CHECK(on.reply(1, handed_back(errc::overloaded, "late")).empty());
    CHECK(text(on.reply(1, bench::committed())) == "answer 1 committed");
    CHECK(on.reply(1, bench::committed()).empty());
}

TEST_CASE("stopping answers what waits and lets what was sent have its answer") {
    bench on;
    on.follow(5, 1);
    on.submit("sent");
    on.submit("waits");
    CHECK(text(on.routed.stop(on.now)) == "answer 2 rejected shutting_down");
    CHECK(text(on.submit("late")) == "answer 3 rejected shutting_down");
    CHECK(text(on.reply(1, bench::committed())) == "answer 1 committed");
}

TEST_CASE("a write handed back while stopping is rejected, one in doubt is unknown") {
    bench on;
    on.follow();
    on.submit("a");
    on.submit("b");
    on.submit("c");
    on.routed.stop(on.now);
    CHECK(text(on.reply(1, handed_back(errc::not_leader, "no"))) == "answer 1 rejected shutting_down");
    CHECK(text(on.reply(2, bench::doubtful())) == "answer 2 unknown outcome_unknown");
    CHECK(text(on.routed.give_up(on.now)) == "answer 3 unknown outcome_unknown");
    CHECK(on.routed.pending() == 0);
}

TEST_CASE("a link that breaks while stopping leaves nobody waiting for a leader that is not coming") {
    bench on;
    on.follow();
    on.submit("sent");
    on.routed.stop(on.now);
    CHECK(text(on.routed.link_down(on.now)) == "answer 1 unknown outcome_unknown");
    CHECK(on.routed.pending() == 0);
}

TEST_CASE("the deadline is the write's own, the group's default, and never above the maximum") {
    bench on;
    on.routed.leader_here(term{1}, on.now);
    const auto deadline_of = [&](penholder::write what) {
        what.add("SELECT 1");
        const auto out = on.routed.submit(ticket{++on.last_ticket}, std::move(what), on.now);
        return std::get<apply>(out.front()).attempt.deadline - on.now;
    };
    CHECK(deadline_of(penholder::write{}) == 5000ms);
    CHECK(deadline_of(penholder::write{}.deadline(70ms)) == 70ms);
    CHECK(deadline_of(penholder::write{}.deadline(10h)) == 60000ms);
}

TEST_CASE("the route says who leads") {
    bench on;
    CHECK(on.routed.current_route() == route(route_nowhere{""}));
    on.routed.leader_there(term{5}, "n2", "e", on.now);
    CHECK(on.routed.current_route() == route(route_there{{5}, "n2", "e", false}));
    on.routed.link_up(term{5}, 1, on.now);
    CHECK(on.routed.current_route() == route(route_there{{5}, "n2", "e", true}));
    on.routed.leader_here(term{6}, on.now);
    CHECK(on.routed.current_route() == route(route_here{{6}}));
    on.routed.leader_unknown(on.now);
    CHECK(on.routed.current_route() == route(route_nowhere{"n1"}));
}

TEST_CASE("a forwarded write is applied by the leader and never forwarded again") {
    bench on;
    const auto forwarded = [&on](const penholder::write& what) -> std::optional<write_answer> {
        auto admitted = on.routed.admit_forwarded("k", std::make_shared<const penholder::write>(what));
        if (auto* refused = std::get_if<write_answer>(&admitted)) return std::move(*refused);
        CHECK(std::get<checked_write>(admitted).id().text() == "k");
        return std::nullopt;
    };
    penholder::write what("k");
    what.add("SELECT 1");
    CHECK(forwarded(what)->why == errc::not_leader);
    on.follow(5);
    const auto refused = forwarded(what);
    CHECK(refused->why == errc::not_leader);
    CHECK(refused->hint == leader_hint{{5}, "n2", "127.0.0.1:2"});
    on.routed.leader_here(term{6}, on.now);
    CHECK_FALSE(forwarded(what));
    CHECK(forwarded(penholder::write{})->why == errc::malformed_write);
    on.routed.stop(on.now);
    CHECK_FALSE(forwarded(what));  // Until somebody else leads.
    on.routed.leader_unknown(on.now);
    CHECK(forwarded(what)->why == errc::not_leader);
}

TEST_CASE("SQL that is forbidden is refused where it was submitted, with no leader in sight") {
    bench on;
    penholder::write what;
    what.add("COMMIT");
    CHECK(text(on.routed.submit(ticket{1}, what, on.now)) == "answer 1 rejected forbidden_statement");
    CHECK(on.routed.pending() == 0);
}

TEST_CASE("a leader does not rely on what another node let pass") {
    bench on;
    on.routed.leader_here(term{6}, on.now);
    const auto what = std::make_shared<penholder::write>();
    what->add("ROLLBACK");
    const auto admitted = on.routed.admit_forwarded("k", what);
    CHECK(std::get<write_answer>(admitted).why == errc::forbidden_statement);
    CHECK(std::get<write_answer>(on.routed.admit_forwarded("", what)).why == errc::malformed_write);
}

TEST_CASE("a caller that waits no longer hears what is true of its write then") {
    bench waiting;
    waiting.submit("order-1");
    const auto withdrawn = waiting.routed.withdraw(ticket{1}, waiting.now);
    CHECK(text(withdrawn) == "answer 1 rejected deadline_expired");
    CHECK(text(waiting.follow()).empty());

    bench sent;
    sent.follow();
    sent.submit("order-1");
    const auto in_doubt = sent.routed.withdraw(ticket{1}, sent.now);
    CHECK(text(in_doubt) == "answer 1 unknown outcome_unknown");
    CHECK(answer_in(in_doubt).write_id == "order-1");
    CHECK(text(sent.reply(1, bench::committed())).empty());
    CHECK(text(sent.routed.withdraw(ticket{1}, sent.now)).empty());
}

TEST_CASE("a write that was sent once is in doubt while it waits again, also for a caller that waits no longer") {
    bench on;
    on.follow();
    on.submit("order-1");
    on.routed.link_down(on.now);
    CHECK(text(on.routed.withdraw(ticket{1}, on.now)) == "answer 1 unknown outcome_unknown");
}

TEST_CASE("a write of which nobody waits leaves its room on the link to the next") {
    bench on;
    on.follow(5, 1);
    on.submit("order-1");
    CHECK(text(on.submit("order-2")).empty());
    CHECK(text(on.routed.withdraw(ticket{1}, on.now)) == "answer 1 unknown outcome_unknown; forward 2");
}
