#include "workload.hpp"

namespace penholder::bench {
namespace {

constexpr int accounts = 1000;

/// Money goes from one account to another. The lower account is changed first, so that two writers never wait for each
/// other in a circle.
class bank : public workload {
public:
    std::string_view name() const override { return "bank transfers"; }

    void prepare(const bench_database& where) const override {
        where.exec("DROP TABLE IF EXISTS transfers, accounts");
        where.exec("CREATE TABLE accounts (id int PRIMARY KEY, balance bigint NOT NULL)");
        where.exec("INSERT INTO accounts SELECT i, 0 FROM generate_series(1, 1000) i");
        where.exec(
            "CREATE TABLE transfers (id bigserial PRIMARY KEY, source int NOT NULL, target int NOT NULL, "
            "amount bigint NOT NULL)");
    }

    void make(write& into, const write_number&, random_source& random) const override {
        const int source = std::uniform_int_distribution(1, accounts)(random);
        const int target = 1 + (source - 1 + std::uniform_int_distribution(1, accounts - 1)(random)) % accounts;
        const int amount = std::uniform_int_distribution(1, 100)(random);
        const bool forward = source < target;
        constexpr auto change = "UPDATE accounts SET balance = balance + $1 WHERE id = $2";
        into.add(change, forward ? -amount : amount, forward ? source : target);
        into.add(change, forward ? amount : -amount, forward ? target : source);
        into.add("INSERT INTO transfers (source, target, amount) VALUES ($1, $2, $3)", source, target, amount);
    }

    std::optional<statement> lock_for(const write& what) const override {
        const auto& changes = what.statements();
        return statement("SELECT balance FROM accounts WHERE id IN ($1, $2) ORDER BY id FOR UPDATE",
                         {changes[0].params()[1], changes[1].params()[1]});
    }

    std::string problem(const bench_database& where, const answers& told) const override {
        auto wrong = compare("transfers", where.number("SELECT count(*) FROM transfers"), told);
        if (!wrong.empty()) return wrong;
        const auto unlike = where.number(
            "SELECT count(*) FROM accounts a LEFT JOIN (SELECT id, sum(moved) AS moved FROM "
            "(SELECT target AS id, amount AS moved FROM transfers UNION ALL SELECT source, -amount FROM transfers) m "
            "GROUP BY id) t USING (id) WHERE a.balance <> coalesce(t.moved, 0)");
        return unlike > 0 ? std::to_string(unlike) + " accounts whose balance and transfers disagree" : std::string();
    }
};

}  // namespace

workload_pointer transfers() {
    return std::make_shared<bank>();
}

}  // namespace penholder::bench
