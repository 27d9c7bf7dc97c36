// Locks that the database itself offers, held by the transaction that writes.
#include "contender.hpp"
#include "load/threads.hpp"
#include "sql_session.hpp"

#include <functional>

namespace penholder::bench {
namespace {

using lock_source = std::function<statement(const workload&, const write&)>;

class locking_client : public blocking_client {
public:
    locking_client(const std::string& conninfo, const workload& what, const lock_source& lock)
        : session_(conninfo, sql_session::plan::prepared), what_(what), lock_(lock) {}

    answer write(const penholder::write& what) override {
        std::vector<statement> all{lock_(what_, what)};
        all.insert(all.end(), what.statements().begin(), what.statements().end());
        return session_.transact(all) ? answer::committed : answer::refused;
    }

private:
    sql_session session_;
    const workload& what_;
    const lock_source& lock_;
};

class locking_contender : public contender {
public:
    locking_contender(std::string name, std::string conninfo, lock_source lock, bool needs_row)
        : name_(std::move(name)), conninfo_(std::move(conninfo)), lock_(std::move(lock)), needs_row_(needs_row) {}

    std::string name() const override { return name_; }

    bool fits(const workload& what, const load_shape& shape) const override {
        write probe;
        random_source random;
        what.make(probe, {}, random);
        return !shape.keyed && (!needs_row_ || what.lock_for(probe));
    }

    void run(course& all) override {
        run_in_threads(all,
                       [&](std::size_t) { return std::make_unique<locking_client>(conninfo_, all.what(), lock_); });
    }

private:
    std::string name_;
    std::string conninfo_;
    lock_source lock_;
    bool needs_row_;
};

}  // namespace

contender_pointer advisory_lock(servers& on) {
    return std::make_unique<locking_contender>(
        "advisory lock", on.database().conninfo(),
        [](const workload&, const write&) { return statement("SELECT pg_advisory_xact_lock($1)", {"4711"}); }, false);
}

contender_pointer select_for_update(servers& on) {
    return std::make_unique<locking_contender>(
        "SELECT FOR UPDATE", on.database().conninfo(),
        [](const workload& what, const write& one) { return *what.lock_for(one); }, true);
}

}  // namespace penholder::bench
