#include "workload.hpp"

namespace penholder::bench {
namespace {

/// One row whose changes are stamped by the commonest trigger of all.
class touches : public workload {
public:
    explicit touches(bool no_version) : no_version_(no_version) {}

    std::string_view name() const override {
        return no_version_ ? "hot row, updated_at is no version" : "hot row, updated_at";
    }

    void prepare(const bench_database& where) const override {
        where.exec("DROP TABLE IF EXISTS " + table());
        where.exec(
            "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql "
            "AS 'BEGIN NEW.updated_at := now(); RETURN NEW; END'");
        where.exec("CREATE TABLE " + table() +
                   " (id int PRIMARY KEY, n bigint NOT NULL, updated_at timestamptz NOT NULL DEFAULT 'epoch')");
        where.exec("INSERT INTO " + table() + " VALUES (1, 0)");
        where.exec("CREATE TRIGGER touch BEFORE UPDATE ON " + table() + " FOR EACH ROW EXECUTE FUNCTION touch()");
    }

    void make(write& into, const write_number&, random_source&) const override {
        into.add("UPDATE " + table() + " SET n = n - $1 WHERE id = $2", 1, 1);
    }

    std::optional<statement> lock_for(const write&) const override {
        return statement("SELECT n FROM " + table() + " WHERE id = $1 FOR UPDATE", {"1"});
    }

    std::string problem(const bench_database& where, const answers& told) const override {
        auto wrong = compare("decrements", -where.number("SELECT n FROM " + table()), told);
        if (!wrong.empty() || told.committed == 0) return wrong;
        const auto stamped = where.number("SELECT count(*) FROM " + table() + " WHERE updated_at > 'epoch'");
        return stamped == 1 ? std::string() : "the trigger did not run";
    }

private:
    std::string table() const { return no_version_ ? "stamped_no_version" : "stamped"; }

    bool no_version_;
};

/// A row for each write, which gets its time from the column's default.
class births : public workload {
public:
    std::string_view name() const override { return "inserts, created_at"; }

    void prepare(const bench_database& where) const override {
        where.exec("DROP TABLE IF EXISTS births");
        where.exec(
            "CREATE TABLE births (id bigserial PRIMARY KEY, writer int NOT NULL, number bigint NOT NULL, "
            "what text NOT NULL, created_at timestamptz NOT NULL DEFAULT now())");
    }

    void make(write& into, const write_number& which, random_source&) const override {
        into.add("INSERT INTO births (writer, number, what) VALUES ($1, $2, $3)", which.writer, which.number,
                 "twenty bytes of text");
    }

    std::string problem(const bench_database& where, const answers& told) const override {
        auto wrong = compare("rows", where.number("SELECT count(*) FROM births"), told);
        return wrong.empty() ? find_twice(where, "births") : wrong;
    }
};

}  // namespace

workload_pointer stamped_hot_row(bool no_version) {
    return std::make_shared<touches>(no_version);
}

workload_pointer stamped_inserts() {
    return std::make_shared<births>();
}

}  // namespace penholder::bench
