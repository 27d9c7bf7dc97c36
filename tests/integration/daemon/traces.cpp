#include "running_daemon.hpp"
#include "two_nodes.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <pqxx/pqxx>

#include <string>

using namespace penholder::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string a_trace = "4bf92f3577b34da6a3ce929d0e0e4736";
const running_daemon::headers of_a_trace{{"traceparent", "00-" + a_trace + "-00f067aa0ba902b7-01"}};

}  // namespace

TEST_CASE("a write of a trace names it in its answer, at the node that took it and at the leader") {
    const two_nodes nodes;
    const auto refused = nodes.follower.post(writes, with_sql("INSERT INTO stock VALUES (1, 1)"), of_a_trace);
    CHECK(refused.status == 422);
    CHECK(refused.text("trace_id") == a_trace);
    CHECK_THAT(nodes.follower.log(),
               ContainsSubstring("write_not_committed group=orders node=orders-2 id=" + refused.text("write_id") +
                                 " outcome=rejected " + "code=statement_failed sqlstate=23505 trace_id=" + a_trace));

    pqxx::connection outside(nodes.plan.database);
    pqxx::work holder(outside);
    holder.exec("UPDATE stock SET qty = qty WHERE id = 1");
    const auto waited = nodes.follower.post(
        writes, R"({"statements":[{"sql":"UPDATE stock SET qty = 1 WHERE id = 1"}],"deadline_ms":2500})", of_a_trace);
    CHECK(waited.status == 503);
    CHECK(waited.text("trace_id") == a_trace);
    CHECK_THAT(nodes.leader.log(), ContainsSubstring("lock_wait group=orders"));
    CHECK_THAT(nodes.leader.log(), ContainsSubstring("trace_id=" + a_trace));
}

TEST_CASE("a header that the standard wants ignored is ignored, and other writes are not logged") {
    const running_daemon daemon(leading_plan());
    daemon.wait_until_ready();
    for (const auto& header : {"00-" + std::string(32, '0') + "-00f067aa0ba902b7-01", std::string("no trace")}) {
        const auto refused =
            daemon.post(writes, with_sql("INSERT INTO stock VALUES (1, 1)"), {{"traceparent", header}});
        CHECK(refused.status == 422);
        CHECK(refused.text("trace_id").empty());
    }
    CHECK(daemon.post(writes, with_sql("UPDATE stock SET qty = 1 WHERE id = 1"), of_a_trace).status == 200);
    CHECK_THAT(daemon.log(), !ContainsSubstring("write_not_committed"));
    CHECK_THAT(daemon.log(), !ContainsSubstring("trace_id"));
}
