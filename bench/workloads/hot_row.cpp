#include "workload.hpp"

namespace penholder::bench {
namespace {

constexpr std::uint64_t one_failure_in = 100;
constexpr std::int64_t beyond_the_check = 4'000'000'000;

/// Everybody decrements the same row. With failures, every hundredth write breaks the row's CHECK.
class decrements : public workload {
public:
    explicit decrements(bool failures) : failures_(failures) {}

    std::string_view name() const override { return failures_ ? "hot row, 1 % failing" : "hot row"; }

    void prepare(const bench_database& where) const override {
        where.exec("DROP TABLE IF EXISTS hot");
        where.exec("CREATE TABLE hot (id int PRIMARY KEY, n bigint NOT NULL CHECK (n > -4000000000))");
        where.exec("INSERT INTO hot VALUES (1, 0)");
    }

    void make(write& into, const write_number& which, random_source&) const override {
        into.add("UPDATE hot SET n = n - $1 WHERE id = $2", is_refused(which) ? beyond_the_check : 1, 1);
    }

    std::optional<statement> lock_for(const write&) const override {
        return statement("SELECT n FROM hot WHERE id = $1 FOR UPDATE", {"1"});
    }

    bool is_refused(const write_number& which) const override {
        return failures_ && which.number % one_failure_in == (which.writer * 37) % one_failure_in;
    }

    /// One that fails in a batch runs again alone.
    double session_share() const override { return failures_ ? 1.0 / one_failure_in : 0; }

    std::string problem(const bench_database& where, const answers& told) const override {
        return compare("decrements", -where.number("SELECT n FROM hot"), told);
    }

private:
    bool failures_;
};

}  // namespace

workload_pointer hot_row() {
    return std::make_shared<decrements>(false);
}

workload_pointer hot_row_with_failures() {
    return std::make_shared<decrements>(true);
}

}  // namespace penholder::bench
