#include "convert.hpp"

#include "base/timestamp.hpp"

#include <algorithm>
#include <utility>

namespace penholder::wire {
namespace {

void fill_value(const parameter& from, pb::Value& to) {
    if (from) to.set_text(*from);
}

parameter read_value(pb::Value& from) {
    return from.has_text() ? parameter(std::move(*from.mutable_text())) : std::nullopt;
}

void fill_result(const statement_result& from, pb::StatementResult& to) {
    to.set_rows_affected(from.rows_affected);
    for (const auto& column : from.columns) to.add_columns(column);
    for (const auto& type : from.types) to.add_types(type);
    for (const auto& row : from.rows) {
        auto& out = *to.add_rows();
        for (const auto& value : row) fill_value(value, *out.add_values());
    }
}

statement_result read_result(pb::StatementResult& from) {
    statement_result made;
    made.rows_affected = from.rows_affected();
    for (auto& column : *from.mutable_columns()) made.columns.push_back(std::move(column));
    for (auto& type : *from.mutable_types()) made.types.push_back(std::move(type));
    made.rows.reserve(static_cast<std::size_t>(from.rows_size()));
    for (auto& row : *from.mutable_rows()) {
        auto& out = made.rows.emplace_back();
        out.reserve(static_cast<std::size_t>(row.values_size()));
        for (auto& value : *row.mutable_values()) out.push_back(read_value(value));
    }
    return made;
}

void fill_fields(const error_fields& from, pb::ErrorFields& to) {
    to.set_schema(from.schema);
    to.set_table(from.table);
    to.set_column(from.column);
    to.set_data_type(from.data_type);
    to.set_constraint(from.constraint);
    if (from.position) to.set_position(*from.position);
    to.set_detail(from.detail);
}

error_fields read_fields(const pb::ErrorFields& from) {
    error_fields made{from.schema(),     from.table(), from.column(), from.data_type(),
                      from.constraint(), {},           from.detail()};
    if (from.has_position()) made.position = from.position();
    return made;
}

void fill_reason(const reason& from, pb::Reason& to) {
    to.set_code(std::string(to_string(from.code)));
    to.set_message(from.message);
    to.set_sqlstate(from.sqlstate);
    if (from.statement) to.set_statement(static_cast<std::uint32_t>(*from.statement));
    to.set_hint(from.hint);
    if (from.fields != error_fields{}) fill_fields(from.fields, *to.mutable_fields());
}

reason read_reason(const pb::Reason& from) {
    reason made{read_code(from.code()), from.message(), from.sqlstate(), {}, from.hint(), read_fields(from.fields())};
    if (from.has_statement()) made.statement = from.statement();
    return made;
}

pb::Outcome to_pb(outcome what) noexcept {
    switch (what) {
        case outcome::committed: return pb::COMMITTED;
        case outcome::rejected: return pb::REJECTED;
        case outcome::unknown: break;
    }
    return pb::UNKNOWN;
}

std::optional<outcome> from_pb(pb::Outcome what) noexcept {
    switch (what) {
        case pb::COMMITTED: return outcome::committed;
        case pb::REJECTED: return outcome::rejected;
        case pb::UNKNOWN: return outcome::unknown;
        default: return std::nullopt;
    }
}

}  // namespace

error malformed(const std::string& what) {
    return {errc::malformed_frame, what};
}

errc read_code(const std::string& name) noexcept {
    return errc_from_string(name).value_or(errc::internal);
}

void fill(const statement& from, pb::Statement& to) {
    to.set_sql(from.sql());
    for (const auto& value : from.params()) fill_value(value, *to.add_params());
    if (from.expected_rows()) to.set_expect_rows(*from.expected_rows());
}

statement read(pb::Statement& from) {
    std::vector<parameter> params;
    params.reserve(static_cast<std::size_t>(from.params_size()));
    for (auto& value : *from.mutable_params()) params.push_back(read_value(value));
    statement made(std::move(*from.mutable_sql()), std::move(params));
    if (from.has_expect_rows()) made.expect_rows(from.expect_rows());
    return made;
}

void fill(const origin_mark& from, pb::OriginMark& to) {
    to.set_floor(from.floor);
    to.mutable_kept()->Add(from.kept.begin(), from.kept.end());
}

origin_mark read(const pb::OriginMark& from) {
    origin_mark made{std::max<std::uint64_t>(from.floor(), 1), {from.kept().begin(), from.kept().end()}};
    std::ranges::sort(made.kept);
    return made;
}

void fill(const receipt& from, pb::Receipt& to) {
    to.set_write_id(from.write_id);
    to.set_outcome(to_pb(from.outcome));
    to.set_term(from.term);
    to.set_lsn(from.lsn);
    to.set_replayed(from.replayed);
    for (const auto& one : from.statements) fill_result(one, *to.add_statements());
    if (from.why) fill_reason(*from.why, *to.mutable_why());
    to.set_decided_at_ms(to_epoch_ms(from.decided_at));
}

result<receipt> read(pb::Receipt& from) {
    const auto what = from_pb(from.outcome());
    if (!what) return malformed("a receipt has no outcome");
    if (*what != outcome::committed && !from.has_why()) return malformed("a receipt does not say why");
    receipt made;
    made.write_id = std::move(*from.mutable_write_id());
    made.outcome = *what;
    made.term = from.term();
    made.lsn = from.lsn();
    made.replayed = from.replayed();
    for (auto& one : *from.mutable_statements()) made.statements.push_back(read_result(one));
    if (from.has_why()) made.why = read_reason(from.why());
    made.decided_at = from_epoch_ms(from.decided_at_ms());
    return made;
}

void fill(const leader_hint& from, pb::LeaderHint& to) {
    to.set_term(from.term.value);
    to.set_node(from.node);
    to.set_endpoint(from.endpoint);
}

leader_hint read(const pb::LeaderHint& from) {
    return {{from.term()}, from.node(), from.endpoint()};
}

void fill(const error& from, pb::Reason& to) {
    to.set_code(std::string(to_string(from.code)));
    to.set_message(from.message);
    to.set_sqlstate(from.sqlstate);
    if (from.statement) to.set_statement(static_cast<std::uint32_t>(*from.statement));
    if (from.position) to.mutable_fields()->set_position(*from.position);
}

error read_error(const pb::Reason& from) {
    error made{read_code(from.code()), from.message(), from.sqlstate(), {}, {}};
    if (from.has_statement()) made.statement = from.statement();
    if (from.fields().has_position()) made.position = from.fields().position();
    return made;
}

}  // namespace penholder::wire
