#include "rows_in.hpp"

#include "sql/builtin_types.hpp"

#include <libpq-fe.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

namespace penholder::postgres {
namespace {

/// What a row and a value take besides the value's bytes; about half of what they take in memory.
constexpr std::size_t row_bytes = 24;
constexpr std::size_t value_bytes = 16;

/// Beside the bound: messages that are no rows, and what comes in at once.
constexpr std::size_t message_slack = std::size_t{1} << 20U;

std::size_t size_of(const PGresult* result, int row) {
    std::size_t bytes = row_bytes;
    for (int column = 0; column < PQnfields(result); ++column) {
        bytes += value_bytes + static_cast<std::size_t>(PQgetlength(result, row, column));
    }
    return bytes;
}

std::vector<std::optional<std::string>> read_row(const PGresult* result, int row) {
    std::vector<std::optional<std::string>> values;
    const int columns = PQnfields(result);
    values.reserve(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) {
        if (PQgetisnull(result, row, column) != 0) {
            values.emplace_back();
        } else {
            values.emplace_back(std::string(PQgetvalue(result, row, column),
                                            static_cast<std::size_t>(PQgetlength(result, row, column))));
        }
    }
    return values;
}

}  // namespace

void rows_in::begin_round(std::size_t most) {
    most_ = most;
    kept_ = 0;
    unread_ = 0;
    drop();
}

void rows_in::add(const PGresult* result) {
    for (int column = static_cast<int>(read_.columns.size()); column < PQnfields(result); ++column) {
        add_column(result, column);
    }
    for (int row = 0; row < PQntuples(result) && !dropped_; ++row) {
        kept_ += size_of(result, row);
        dropped_ = most_ > 0 && kept_ > most_;
        if (!dropped_) read_.rows.push_back(read_row(result, row));
    }
    if (dropped_) read_.rows = {};
}

void rows_in::add_column(const PGresult* result, int column) {
    const auto oid = PQftype(result, column);
    const auto modifier = PQfmod(result, column);
    read_.columns.emplace_back(PQfname(result, column));
    read_.types.push_back(sql::builtin_type_name(oid, modifier));
    if (read_.types.back().empty()) unnamed_.push_back({static_cast<std::size_t>(column), oid, modifier});
}

statement_result rows_in::take(const PGresult* last) {
    const char* affected = PQcmdTuples(const_cast<PGresult*>(last));
    read_.rows_affected = std::strtoull(affected, nullptr, 10);
    auto whole = std::move(read_);
    drop();
    return whole;
}

void rows_in::drop() {
    read_ = {};
    unnamed_.clear();
    dropped_ = false;
}

bool rows_in::grows_too_large(std::size_t bytes) {
    unread_ += bytes;
    return most_ > 0 && unread_ > message_slack && unread_ - message_slack > most_;
}

}  // namespace penholder::postgres
