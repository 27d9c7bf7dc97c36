#include "workload.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace penholder::bench {
namespace {

bool is_number(const std::string& text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string literal(const parameter& value) {
    if (!value) return "NULL";
    if (is_number(*value)) return *value;
    std::string quoted = "'";
    for (const char c : *value) quoted += c == '\'' ? "''" : std::string(1, c);
    return quoted + "'";
}

/// The text with its values in it. No string of the workloads' texts holds a '$'.
std::string with_values(const statement& one) {
    std::string text;
    const auto& sql = one.sql();
    for (std::size_t at = 0; at < sql.size();) {
        if (sql[at] != '$') {
            text += sql[at++];
            continue;
        }
        std::size_t number = 0;
        const auto end = std::from_chars(sql.data() + at + 1, sql.data() + sql.size(), number).ptr;
        text += literal(one.params().at(number - 1));
        at = static_cast<std::size_t>(end - sql.data());
    }
    return text;
}

/// Another workload's writes as those services send them that put values into the text.
class spelled_out : public workload {
public:
    explicit spelled_out(workload_pointer same)
        : same_(std::move(same)), name_(std::string(same_->name()) + ", literals") {}

    std::string_view name() const override { return name_; }
    void prepare(const bench_database& where) const override { same_->prepare(where); }

    void make(write& into, const write_number& which, random_source& random) const override {
        write with_parameters;
        same_->make(with_parameters, which, random);
        for (const auto& one : with_parameters.statements()) into.add(with_values(one));
    }

    bool is_refused(const write_number& which) const override { return same_->is_refused(which); }
    double session_share() const override { return same_->session_share(); }

    std::string problem(const bench_database& where, const answers& told) const override {
        return same_->problem(where, told);
    }

private:
    workload_pointer same_;
    std::string name_;
};

}  // namespace

workload_pointer in_literals(workload_pointer same) {
    return std::make_shared<spelled_out>(std::move(same));
}

}  // namespace penholder::bench
