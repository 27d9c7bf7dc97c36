#pragma once

#include "sql/advice.hpp"

#include <penholder/error.hpp>
#include <penholder/receipt.hpp>

#include <string>
#include <utility>

namespace penholder {

/// Of a write that the database did not decide. `sqlstate`: of what PostgreSQL raised last, where it raised something.
inline reason reason_for(errc why, std::string message, std::string sqlstate) {
    const std::string advice(sql::server_advice(sqlstate));
    return {why, std::move(message), std::move(sqlstate), {}, advice};
}

/// It did not happen by any attempt of ours.
inline receipt rejected_receipt(std::string id, errc why, std::string message, std::string sqlstate = {}) {
    receipt made;
    made.write_id = std::move(id);
    made.outcome = outcome::rejected;
    made.why = reason_for(why, std::move(message), std::move(sqlstate));
    return made;
}

/// Refused before anything was sent.
inline receipt rejected_receipt(std::string id, error why) {
    receipt made = rejected_receipt(std::move(id), why.code, std::move(why.message), std::move(why.sqlstate));
    made.why->statement = why.statement;
    made.why->fields.position = why.position;
    return made;
}

/// It may have happened; the same write id may be asked for again.
inline receipt unknown_receipt(std::string id, errc why, std::string message, std::string sqlstate = {}) {
    receipt made;
    made.write_id = std::move(id);
    made.outcome = outcome::unknown;
    made.why = reason_for(why, std::move(message), std::move(sqlstate));
    return made;
}

}  // namespace penholder
