#include "receipt_bytes.hpp"

#include "base/timestamp.hpp"
#include "ledger.pb.h"
#include "model/scratch.hpp"

namespace penholder::ledger {
namespace {

void store(const statement_result& result, stored::Statement& into) {
    into.set_rows_affected(result.rows_affected);
    for (const auto& column : result.columns) into.add_columns(column);
    for (const auto& type : result.types) into.add_types(type);
    for (const auto& row : result.rows) {
        auto& kept = *into.add_rows();
        for (const auto& value : row) {
            auto& cell = *kept.add_values();
            if (value) cell.set_text(*value);
        }
    }
}

statement_result restored(const stored::Statement& from) {
    statement_result result{from.rows_affected(),
                            {from.columns().begin(), from.columns().end()},
                            {},
                            {from.types().begin(), from.types().end()}};
    for (const auto& row : from.rows()) {
        auto& values = result.rows.emplace_back();
        for (const auto& cell : row.values()) {
            values.push_back(cell.has_text() ? std::optional(cell.text()) : std::nullopt);
        }
    }
    return result;
}

void store(const error_fields& fields, stored::ErrorFields& into) {
    into.set_schema(fields.schema);
    into.set_table(fields.table);
    into.set_column(fields.column);
    into.set_data_type(fields.data_type);
    into.set_constraint(fields.constraint);
    into.set_position(fields.position.value_or(0));
    into.set_detail(fields.detail);
}

error_fields restored(const stored::ErrorFields& from) {
    return {from.schema(),     from.table(),
            from.column(),     from.data_type(),
            from.constraint(), from.position() > 0 ? std::optional<std::size_t>(from.position()) : std::nullopt,
            from.detail()};
}

void store(const reason& why, stored::Receipt& into) {
    into.set_code(std::string(to_string(why.code)));
    into.set_message(why.message);
    into.set_sqlstate(why.sqlstate);
    into.set_statement(why.statement ? static_cast<std::uint32_t>(*why.statement + 1) : 0);
    into.set_hint(why.hint);
    if (why.fields != error_fields{}) store(why.fields, *into.mutable_fields());
}

reason restored_reason(const stored::Receipt& from) {
    return {errc_from_string(from.code()).value_or(errc::statement_failed),
            from.message(),
            from.sqlstate(),
            from.statement() > 0 ? std::optional<std::size_t>(from.statement() - 1) : std::nullopt,
            from.hint(),
            restored(from.fields())};
}

}  // namespace

std::string to_bytes(const receipt& decided) {
    scratch<stored::Receipt> stored;
    stored->set_rejected(decided.outcome == outcome::rejected);
    stored->set_term(decided.term);
    for (const auto& result : decided.statements) store(result, *stored->add_statements());
    if (decided.why) store(*decided.why, *stored);
    stored->set_decided_at_ms(to_epoch_ms(decided.decided_at));
    return stored->SerializeAsString();
}

std::optional<receipt> replayed_receipt(const std::string& write_id, const std::string& bytes) {
    stored::Receipt stored;
    if (!stored.ParseFromString(bytes)) return std::nullopt;
    receipt made{write_id, stored.rejected() ? outcome::rejected : outcome::committed, stored.term(), 0, true, {}, {}};
    for (const auto& result : stored.statements()) made.statements.push_back(restored(result));
    if (stored.rejected()) made.why = restored_reason(stored);
    made.decided_at = from_epoch_ms(stored.decided_at_ms());
    return made;
}

}  // namespace penholder::ledger
