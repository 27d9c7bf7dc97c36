#include "running_daemon.hpp"
#include "support/patience.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <pqxx/pqxx>

#include <future>

using namespace penholder::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string take_within(int deadline_ms) {
    return R"({"statements":[{"sql":"UPDATE stock SET qty = qty - 1 WHERE id = 1"}],"deadline_ms":)" +
           std::to_string(deadline_ms) + "}";
}

/// Somebody who goes to lunch with a row in hand.
class outsider {
public:
    explicit outsider(const std::string& conninfo)
        : connection_(conninfo + " application_name=nightly"), work_(connection_) {
        work_.exec("UPDATE stock SET qty = qty WHERE id = 1");
    }
    int pid() const { return connection_.backendpid(); }
    void let_go() { work_.abort(); }

private:
    mutable pqxx::connection connection_;
    pqxx::work work_;
};

}  // namespace

TEST_CASE("a write that somebody outside keeps waiting says who, while it waits and at its deadline") {
    const auto plan = leading_plan();
    const running_daemon daemon(plan);
    daemon.wait_until_ready();
    outsider holder(plan.database);
    const auto holds = "a lock held by pid " + std::to_string(holder.pid()) + ", application 'nightly', user '";

    auto patient = std::async(std::launch::async, [&] {
        return daemon.post(writes, take_within(30'000), {{"Idempotency-Key", "patient"}});
    });
    wait_until("the status names who holds the lock", [&] {
        return daemon.get("/v1/groups/orders").text("lock_waits").find(R"("pid":)" + std::to_string(holder.pid())) !=
               std::string::npos;
    });
    const auto hasty = daemon.post(writes, take_within(800));
    INFO(hasty.body);
    CHECK(hasty.status == 503);
    CHECK(hasty.text("code") == "deadline_expired");
    CHECK_THAT(hasty.text("detail"), ContainsSubstring("waits for " + holds));
    CHECK_THAT(hasty.text("detail"), ContainsSubstring("idle in transaction"));
    const auto tried = daemon.post(writes, take_within(2'500));
    CHECK(tried.status == 503);
    CHECK_THAT(tried.text("detail"), ContainsSubstring("waits for " + holds));

    CHECK_THAT(daemon.log(), ContainsSubstring("lock_wait group=orders term=1 node=orders-1 id=patient pid=" +
                                               std::to_string(holder.pid()) + " application=nightly user="));
    const auto metrics = daemon.get("/metrics").body;
    CHECK_THAT(metrics, ContainsSubstring("penholder_lock_waits_total{group=\"orders\"} 3"));

    holder.let_go();
    CHECK(patient.get().status == 200);
    CHECK(daemon.get("/v1/groups/orders").text("lock_waits") == "[]");
    CHECK_THAT(daemon.get("/metrics").body, ContainsSubstring("penholder_lock_waiting{group=\"orders\"} 0"));
}

TEST_CASE("writes that wait for one another name nobody outside") {
    const running_daemon daemon(leading_plan());
    daemon.wait_until_ready();
    const auto slow =
        R"~({"statements":[{"sql":"UPDATE stock SET qty = qty WHERE id = 1"},{"sql":"SELECT pg_sleep(0.7)"}]})~";
    std::vector<std::future<web_answer>> all;
    for (int number = 0; number < 3; ++number) {
        all.push_back(std::async(std::launch::async, [&] { return daemon.post(writes, slow); }));
    }
    for (auto& each : all) CHECK(each.get().status == 200);
    CHECK_THAT(daemon.get("/metrics").body, ContainsSubstring("penholder_lock_waits_total{group=\"orders\"} 0"));
    CHECK_THAT(daemon.log(), !ContainsSubstring("lock_wait "));
}
