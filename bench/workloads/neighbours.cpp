#include "workload.hpp"

#include <utility>

namespace penholder::bench {
namespace {

constexpr std::chrono::milliseconds patience{5000};
constexpr std::chrono::milliseconds waits_at_most{1000};

/// Somebody else's transaction that has changed the row and does not end.
struct open_transaction {
    explicit open_transaction(const bench_database& where) : connection(where.conninfo()), work(connection) {
        work.exec("UPDATE beside SET n = n - 1 WHERE id = 1");
    }
    pqxx::connection connection;
    pqxx::work work;
};

struct disturbance {
    std::string name;
    std::string sql;
    std::chrono::milliseconds deadline;
    bool commits = false;
    bool row_is_held = false;
};

/// Inserts, and beside their writers one that does something else, over and over. No hot row: while any transaction is
/// open PostgreSQL keeps every version of a row, and each change of a hot one walks past them, whoever makes it.
class disturbed : public workload {
public:
    explicit disturbed(disturbance by) : by_(std::move(by)) {}

    std::string_view name() const override { return by_.name; }

    void prepare(const bench_database& where) const override {
        writes_->prepare(where);
        where.exec("DROP TABLE IF EXISTS beside");
        where.exec("CREATE TABLE beside (id int PRIMARY KEY, n bigint NOT NULL CHECK (n > -10))");
        where.exec("INSERT INTO beside VALUES (1, 0)");
    }

    void make(write& into, const write_number& which, random_source& random) const override {
        writes_->make(into, which, random);
    }

    std::optional<neighbour> beside() const override {
        neighbour made{{}, by_.commits};
        made.what.add(by_.sql);
        made.what.deadline(by_.deadline);
        return made;
    }

    std::shared_ptr<void> hold(const bench_database& where) const override {
        return by_.row_is_held ? std::make_shared<open_transaction>(where) : nullptr;
    }

    std::string problem(const bench_database& where, const answers& told) const override {
        auto wrong = writes_->problem(where, told);
        if (wrong.empty() && where.number("SELECT n FROM beside") != 0) wrong = "the neighbour's writes had an effect";
        return wrong;
    }

private:
    disturbance by_;
    workload_pointer writes_ = plain_inserts();
};

workload_pointer beside(disturbance what) {
    return std::make_shared<disturbed>(std::move(what));
}

}  // namespace

workload_pointer beside_a_slow_write() {
    return beside({"inserts beside a slow write", "SELECT pg_sleep(0.2)", patience, true});
}

workload_pointer beside_a_waiting_write() {
    return beside(
        {"inserts beside a write that waits", "UPDATE beside SET n = n + 1 WHERE id = 1", waits_at_most, false, true});
}

workload_pointer beside_a_failing_write() {
    return beside({"inserts beside a write that fails", "UPDATE beside SET n = n - 1000 WHERE id = 1", patience});
}

workload_pointer beside_a_raising_write() {
    return beside({"inserts beside a write that raises",
                   "DO 'BEGIN RAISE EXCEPTION ''gone'' USING ERRCODE = ''57P01''; END'", patience});
}

}  // namespace penholder::bench
