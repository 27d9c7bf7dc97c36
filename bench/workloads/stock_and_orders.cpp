#include "workload.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace penholder::bench {
namespace {

constexpr std::size_t items = 100;
constexpr double zipf_exponent = 1;

/// How likely an item is among the first so many, most wanted first.
std::array<double, items> zipf() {
    std::array<double, items> below{};
    double sum = 0;
    for (std::size_t i = 0; i < items; ++i) below[i] = sum += 1 / std::pow(static_cast<double>(i + 1), zipf_exponent);
    for (auto& one : below) one /= sum;
    return below;
}

/// One item is taken from the stock and an order is written, in one transaction. Few items are wanted by most.
class orders : public workload {
public:
    std::string_view name() const override { return "Zipf stock and order"; }

    void prepare(const bench_database& where) const override {
        where.exec("DROP TABLE IF EXISTS orders, stock");
        where.exec("CREATE TABLE stock (item int PRIMARY KEY, qty bigint NOT NULL)");
        where.exec("INSERT INTO stock SELECT i, 1000000000 FROM generate_series(1, 100) i");
        where.exec(
            "CREATE TABLE orders (id bigserial PRIMARY KEY, item int NOT NULL, writer int NOT NULL, "
            "number bigint NOT NULL)");
    }

    void make(write& into, const write_number& which, random_source& random) const override {
        const double at = std::uniform_real_distribution<double>(0, 1)(random);
        const auto item =
            std::min<std::ptrdiff_t>(std::ranges::upper_bound(below_, at) - below_.begin(), items - 1) + 1;
        into.add("UPDATE stock SET qty = qty - 1 WHERE item = $1", item);
        into.add("INSERT INTO orders (item, writer, number) VALUES ($1, $2, $3)", item, which.writer, which.number);
    }

    std::optional<statement> lock_for(const write& what) const override {
        return statement("SELECT qty FROM stock WHERE item = $1 FOR UPDATE", what.statements().front().params());
    }

    std::string problem(const bench_database& where, const answers& told) const override {
        auto wrong = compare("orders", where.number("SELECT count(*) FROM orders"), told);
        if (!wrong.empty()) return wrong;
        const auto unlike = where.number(
            "SELECT count(*) FROM stock s LEFT JOIN (SELECT item, count(*) AS sold FROM orders GROUP BY item) o "
            "USING (item) WHERE 1000000000 - s.qty <> coalesce(o.sold, 0)");
        if (unlike > 0) return std::to_string(unlike) + " items whose stock and orders disagree";
        return find_twice(where, "orders");
    }

private:
    std::array<double, items> below_ = zipf();
};

}  // namespace

workload_pointer stock_and_orders() {
    return std::make_shared<orders>();
}

}  // namespace penholder::bench
