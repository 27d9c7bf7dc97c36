#include "workload.hpp"

#include <fmt/core.h>

#include <utility>

namespace penholder::bench {
namespace {

/// Another workload's writes, some of which return what makes them not plain.
class mixed : public workload {
public:
    mixed(workload_pointer same, not_plain_by how, std::uint64_t one_in)
        : same_(std::move(same)), how_(how), one_in_(one_in) {
        const auto share = one_in_ == 1 ? std::string("none") : fmt::format("{} %", 100 / one_in_);
        name_ = fmt::format("{}, {} {}{}", same_->name(), share, one_in_ == 1 ? "plain" : "not plain",
                            how_ == not_plain_by::own_setting ? " and setting" : "");
    }

    std::string_view name() const override { return name_; }

    void prepare(const bench_database& where) const override {
        same_->prepare(where);
        where.exec(
            "CREATE OR REPLACE FUNCTION note() RETURNS text LANGUAGE plpgsql "
            "AS 'BEGIN RETURN set_config(''bench.noted'', ''yes'', true); END'");
    }

    void make(write& into, const write_number& which, random_source& random) const override {
        if ((which.number + which.writer) % one_in_ != 0) return same_->make(into, which, random);
        write plain;
        same_->make(plain, which, random);
        for (const auto& one : plain.statements()) {
            into.add(
                statement(one.sql() + (how_ == not_plain_by::own_setting ? " RETURNING note()" : " RETURNING xmin"),
                          one.params()));
        }
    }

    std::optional<statement> lock_for(const write& what) const override { return same_->lock_for(what); }

    double session_share() const override { return 1.0 / static_cast<double>(one_in_); }

    std::string problem(const bench_database& where, const answers& told) const override {
        return same_->problem(where, told);
    }

private:
    workload_pointer same_;
    not_plain_by how_;
    std::uint64_t one_in_;
    std::string name_;
};

}  // namespace

workload_pointer not_plain(workload_pointer same, not_plain_by how, std::uint64_t one_in) {
    return std::make_shared<mixed>(std::move(same), how, one_in);
}

}  // namespace penholder::bench
