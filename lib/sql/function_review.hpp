#pragma once

#include "catalogue_facts.hpp"
#include "why_not.hpp"

#include <optional>
#include <string_view>

namespace penholder::sql {

/// Why a built-in function keeps a statement from being plain; nothing where it does not. Volatile functions are plain
/// only if they are on a short list that was read one by one, others unless they are on a list of those that tell
/// something of the session or the transaction, or run what they are given. Pure.
std::optional<why_not> objection_to(const function_facts& built_in, const database_facts& database);

/// It gives the transaction's time, or may.
bool tells_transaction_time(const function_facts& built_in);

/// What it leaves in a session cannot be cleaned.
bool stains_session(const function_facts& built_in);

}  // namespace penholder::sql
