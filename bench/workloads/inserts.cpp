#include "workload.hpp"

namespace penholder::bench {
namespace {

constexpr std::size_t large_bytes = 10 * 1024;

/// A row for each write: small, or with 10 KiB of text that does not compress.
class inserts : public workload {
public:
    explicit inserts(bool large) : large_(large) {
        if (!large_) return;
        random_source random(1);
        for (std::size_t i = 0; i < large_bytes; ++i) text_ += static_cast<char>('!' + random() % 90);
    }

    std::string_view name() const override { return large_ ? "10 KiB rows" : "plain inserts"; }

    void prepare(const bench_database& where) const override {
        where.exec("DROP TABLE IF EXISTS events");
        where.exec(
            "CREATE TABLE events (id bigserial PRIMARY KEY, writer int NOT NULL, number bigint NOT NULL, "
            "what text NOT NULL)");
    }

    void make(write& into, const write_number& which, random_source&) const override {
        into.add("INSERT INTO events (writer, number, what) VALUES ($1, $2, $3)", which.writer, which.number,
                 large_ ? text_ : "twenty bytes of text");
    }

    std::string problem(const bench_database& where, const answers& told) const override {
        auto wrong = compare("rows", where.number("SELECT count(*) FROM events"), told);
        if (!wrong.empty()) return wrong;
        return find_twice(where, "events");
    }

private:
    bool large_;
    std::string text_;
};

}  // namespace

workload_pointer plain_inserts() {
    return std::make_shared<inserts>(false);
}

workload_pointer large_rows() {
    return std::make_shared<inserts>(true);
}

}  // namespace penholder::bench
