#pragma once

#include "sql/judging_rules.hpp"
#include "sql/plainness.hpp"

#include <penholder/error.hpp>

#include <string>

namespace penholder::postgres {

class raw_connection;

/// Asks the catalogue whether a statement is plain (sql::judging decides), in one transaction and one snapshot that is
/// rolled back: nothing of the statement runs. Blocks for a few milliseconds, longer where it waits for locks; its
/// connection must see names as the lane's does (settings, role). `sql` has passed the screening. A statement that
/// PostgreSQL refuses is not plain ("refused"); where only its constants may be at fault there is no judgement of its
/// shape. Errors: database_unreachable, statement_failed (constants), internal.
result<sql::judgement> inquire(raw_connection& connection, const std::string& sql, const sql::judging_rules& rules);

}  // namespace penholder::postgres
