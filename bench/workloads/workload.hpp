#pragma once

#include "support/postgres_server.hpp"

#include <penholder/write.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::bench {

using random_source = std::minstd_rand;

/// Where a workload's tables are.
struct bench_database {
    testing::postgres_server& server;
    std::string name;

    pqxx::result exec(const std::string& sql) const { return server.exec(sql, name); }
    std::int64_t number(const std::string& sql) const { return exec(sql)[0][0].as<std::int64_t>(); }
    std::string conninfo() const { return server.conninfo(name); }
};

/// What all writers of a turn were told.
struct answers {
    std::int64_t committed = 0;
    std::int64_t refused = 0;  ///< The database refused the write itself: it had no effect.
    std::int64_t unknown = 0;  ///< Perhaps it had one.
};

/// Which of a turn's writes one is.
struct write_number {
    std::size_t writer = 0;
    std::uint64_t number = 0;  ///< Counts each writer's writes from 0.
};

/// A write that somebody repeats without a pause beside the writers of a turn, and is not counted with theirs.
struct neighbour {
    write what;
    bool commits = false;  ///< Else it is to be refused each time.
};

/// What is written: the tables, the writes, and the proof that each acknowledged write took effect exactly once. The
/// same writes for every contender. `make` is called by many threads at once.
class workload {
public:
    workload() = default;
    virtual ~workload() = default;
    workload(const workload&) = delete;
    workload& operator=(const workload&) = delete;

    virtual std::string_view name() const = 0;

    /// Makes the tables anew; each turn begins so.
    virtual void prepare(const bench_database& where) const = 0;

    /// The statements of the next write, added to one that has its key already, where it has one.
    virtual void make(write& into, const write_number& which, random_source& random) const = 0;

    /// What a writer locks first that protects itself with SELECT … FOR UPDATE; nothing where there is no row to lock.
    virtual std::optional<statement> lock_for(const write&) const { return std::nullopt; }

    /// Whether the database is meant to refuse this write.
    virtual bool is_refused(const write_number&) const { return false; }

    /// Which share of its writes Penholder's leader gives to sessions; all others share batches.
    virtual double session_share() const { return 0; }

    /// Who is always there beside the writers; nobody, where it is nothing.
    virtual std::optional<neighbour> beside() const { return std::nullopt; }

    /// What is held from outside for as long as a turn takes.
    virtual std::shared_ptr<void> hold(const bench_database&) const { return {}; }

    /// What is wrong with the database after a turn; empty where it is exact.
    virtual std::string problem(const bench_database& where, const answers& told) const = 0;
};

using workload_pointer = std::shared_ptr<const workload>;

/// All of them.
std::vector<workload_pointer> all_workloads();

workload_pointer hot_row();
workload_pointer hot_row_with_failures();
workload_pointer stock_and_orders();
workload_pointer plain_inserts();
workload_pointer transfers();
workload_pointer large_rows();

/// A hot row with a trigger that sets its `updated_at`; `no_version`: the group declares that column no version.
workload_pointer stamped_hot_row(bool no_version);

/// Inserts into a table with `created_at timestamptz DEFAULT now()`.
workload_pointer stamped_inserts();

/// The column that the nodes' groups declare no version.
inline constexpr auto no_version_column = "public.stamped_no_version.updated_at";

/// How a write is made one that is not plain.
enum class not_plain_by {
    system_column,  ///< Nothing is left in its session.
    own_setting,    ///< A function of the user's makes a setting of its own: its session has to be closed.
};

/// The same writes, every so many of them not plain.
workload_pointer not_plain(workload_pointer same, not_plain_by how, std::uint64_t one_in);

/// The same writes with their values in their texts.
workload_pointer in_literals(workload_pointer same);

/// One hot row, beside a write that is always there.
workload_pointer beside_a_slow_write();
workload_pointer beside_a_waiting_write();
workload_pointer beside_a_failing_write();
workload_pointer beside_a_raising_write();

/// Empty where `found` is what was acknowledged, give or take what is unknown; otherwise a sentence.
std::string compare(std::string_view what, std::int64_t found, const answers& told);

/// Empty where no write has two rows in a table with the columns `writer` and `number`.
std::string find_twice(const bench_database& where, const std::string& table);

}  // namespace penholder::bench
