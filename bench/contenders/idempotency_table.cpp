// What exactly-once costs a service that does it by itself: in each write's transaction a row for its key. A key that
// is there already means that the write was done before.
#include "contender.hpp"
#include "load/threads.hpp"
#include "sql_session.hpp"

namespace penholder::bench {
namespace {

class idempotent_client : public blocking_client {
public:
    explicit idempotent_client(const std::string& conninfo) : session_(conninfo, sql_session::plan::prepared) {}

    answer write(const penholder::write& what) override {
        session_.exec("BEGIN");
        const auto first =
            session_.exec(statement("INSERT INTO idempotency (key) VALUES ($1) ON CONFLICT DO NOTHING", {what.id()}));
        bool accepted = first.accepted;
        for (std::size_t at = 0; accepted && first.tag == "INSERT 0 1" && at < what.statements().size(); ++at) {
            accepted = session_.exec(what.statements()[at]).accepted;
        }
        if (accepted && session_.exec("COMMIT").tag == "COMMIT") return answer::committed;
        session_.exec("ROLLBACK");
        return answer::refused;
    }

private:
    sql_session session_;
};

class idempotency_contender : public contender {
public:
    explicit idempotency_contender(servers& on) : where_(on.database()) {}

    std::string name() const override { return "idempotency table"; }
    bool fits(const workload&, const load_shape& shape) const override { return shape.keyed; }

    void run(course& all) override {
        where_.exec("DROP TABLE IF EXISTS idempotency");
        where_.exec("CREATE TABLE idempotency (key text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())");
        run_in_threads(all, [this](std::size_t) { return std::make_unique<idempotent_client>(where_.conninfo()); });
    }

private:
    bench_database where_;
};

}  // namespace

contender_pointer idempotency_table(servers& on) {
    return std::make_unique<idempotency_contender>(on);
}

}  // namespace penholder::bench
