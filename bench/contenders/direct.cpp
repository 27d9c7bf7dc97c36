// Each writer has a connection of its own and commits each write by itself: what most services do.
#include "contender.hpp"
#include "load/threads.hpp"
#include "sql_session.hpp"

namespace penholder::bench {
namespace {

using transaction = bool (sql_session::*)(std::span<const statement>);

class direct_client : public blocking_client {
public:
    direct_client(const std::string& conninfo, sql_session::plan how, transaction transact)
        : session_(conninfo, how), transact_(transact) {}

    answer write(const penholder::write& what) override {
        return (session_.*transact_)(what.statements()) ? answer::committed : answer::refused;
    }

private:
    sql_session session_;
    transaction transact_;
};

class direct_contender : public contender {
public:
    direct_contender(std::string name, std::string conninfo, sql_session::plan how, transaction transact)
        : name_(std::move(name)), conninfo_(std::move(conninfo)), how_(how), transact_(transact) {}

    std::string name() const override { return name_; }

    bool fits(const workload& what, const load_shape& shape) const override {
        return !shape.keyed && (transact_ == &sql_session::transact || makes_several_statements(what));
    }

    void run(course& all) override {
        run_in_threads(all,
                       [this](std::size_t) { return std::make_unique<direct_client>(conninfo_, how_, transact_); });
    }

private:
    /// A lone statement has nothing to be pipelined with.
    static bool makes_several_statements(const workload& what) {
        write probe;
        random_source random;
        what.make(probe, {}, random);
        return probe.statements().size() > 1;
    }

    std::string name_;
    std::string conninfo_;
    sql_session::plan how_;
    transaction transact_;
};

}  // namespace

contender_pointer direct(servers& on) {
    return std::make_unique<direct_contender>("direct", on.database().conninfo(), sql_session::plan::prepared,
                                              &sql_session::transact);
}

contender_pointer direct_pipelined(servers& on) {
    return std::make_unique<direct_contender>("direct, pipelined", on.database().conninfo(),
                                              sql_session::plan::prepared, &sql_session::transact_pipelined);
}

contender_pointer through_pgbouncer(servers& on) {
    return std::make_unique<direct_contender>("PgBouncer", on.pgbouncer().conninfo(), sql_session::plan::one_shot,
                                              &sql_session::transact);
}

}  // namespace penholder::bench
