#pragma once

#include <penholder/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace penholder {

/// What became of a write. There is no fourth answer.
enum class outcome {
    committed,  ///< It is durable.
    rejected,   ///< It did not happen and will not, for the reason given.
    unknown,    ///< It was sent and nothing proves more. Ask again with the same write id.
};

std::string_view to_string(outcome what) noexcept;

/// What PostgreSQL's error named, each where it named it: the fields of its protocol's ErrorResponse.
struct error_fields {
    std::string schema;
    std::string table;
    std::string column;
    std::string data_type;
    std::string constraint;
    std::optional<std::size_t> position;  ///< In the statement as it was given, in characters, from 1.
    std::string detail;                   ///< It can hold data of rows: only with the group's `error_detail`.

    friend bool operator==(const error_fields&, const error_fields&) = default;
};

/// Why a write was not committed.
struct reason {
    errc code = errc::internal;
    std::string message;
    std::string sqlstate;                  ///< Five characters when PostgreSQL refused; else empty.
    std::optional<std::size_t> statement;  ///< Which statement of the write, from 0, where one is to blame.
    std::string hint = {};  ///< PostgreSQL's own, else advice by its SQLSTATE; empty where neither helps.
    error_fields fields = {};

    friend bool operator==(const reason&, const reason&) = default;
};

/// What one statement did. `columns`, `types` and `rows` are filled by RETURNING (and SELECT); values are in text
/// format.
struct statement_result {
    std::uint64_t rows_affected = 0;
    std::vector<std::string> columns;
    std::vector<std::vector<std::optional<std::string>>> rows;
    std::vector<std::string> types = {};  ///< Of the columns, as format_type names them; empty on receipts without.

    friend bool operator==(const statement_result&, const statement_result&) = default;
};

/// The true answer to one write.
struct receipt {
    std::string write_id;
    penholder::outcome outcome = outcome::unknown;
    std::uint64_t term = 0;  ///< The term that committed or rejected it; 0 where none did.
    std::uint64_t lsn = 0;   ///< The database's write-ahead log position taken after COMMIT; 0 unless committed.
    bool replayed = false;   ///< True when the ledger answered: the write had been decided before.
    std::vector<statement_result> statements;               ///< One per statement when committed.
    std::optional<reason> why;                              ///< Set unless committed.
    std::chrono::system_clock::time_point decided_at = {};  ///< By the clock of the leader that decided it.

    friend bool operator==(const receipt&, const receipt&) = default;
};

/// PostgreSQL's notation for a log position: "16/B374D848".
std::string lsn_to_string(std::uint64_t lsn);
std::optional<std::uint64_t> lsn_from_string(std::string_view text) noexcept;

}  // namespace penholder
