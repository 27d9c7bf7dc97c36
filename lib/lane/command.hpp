#pragma once

#include <penholder/receipt.hpp>
#include <penholder/write.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace penholder::lane {

/// One statement to send, and how.
struct command {
    std::string sql;
    std::vector<parameter> params;
    bool binary = false;  ///< Parameters and results in PostgreSQL's binary format instead of text.
    bool reuse = true;    ///< Keep it prepared: the same text will come again.
};

/// What the server's error says beyond message and SQLSTATE.
struct error_report {
    std::string hint;
    error_fields fields;
};

/// A column of a result whose type only the catalogue can name.
struct unnamed_type {
    std::size_t column = 0;
    std::uint32_t oid = 0;
    std::int32_t modifier = -1;
};

/// What the server answered to one command.
struct reply {
    enum class kind { done, failed, skipped };  ///< Skipped: an earlier command of the round failed.
    kind what = kind::skipped;
    std::string tag;  ///< "COMMIT", "UPDATE 1", …
    statement_result result;
    std::vector<unnamed_type> unnamed = {};  ///< Columns that have an empty name in the result's `types`.
    std::string sqlstate;
    std::string message;
    std::shared_ptr<const error_report> report = {};  ///< Of one that failed; null where there is no more to say.
    bool fatal = false;                               ///< The server ended the connection with it (FATAL, PANIC).
    bool too_large = false;  ///< Its rows went over the bound of the round and were dropped as they came.

    bool done() const noexcept { return what == kind::done; }
    bool failed() const noexcept { return what == kind::failed; }
};

/// Commands that go out in one flush and are answered together, up to one synchronisation point.
using round = std::vector<command>;

}  // namespace penholder::lane
