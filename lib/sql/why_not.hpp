#pragma once

#include <cstdint>
#include <string_view>

namespace penholder::sql {

/// Why a statement is not plain, as metrics count it.
enum class why_not : std::uint8_t {
    never,              ///< Its text alone says so: not a lone INSERT, UPDATE, DELETE, MERGE or SELECT.
    no_stamp,           ///< The database has no catalogue stamp.
    refused,            ///< PostgreSQL does not take it.
    unknown,            ///< Something that was not reviewed.
    volatile_function,  ///< A built-in function whose effect or result others could notice.
    transaction_id,     ///< It tells the transaction's id or snapshot.
    setting,            ///< It reads or changes settings.
    session_state,      ///< It tells something else of its session.
    system_column,
    user_function,
    user_operator,
    user_type,
    user_cast,
    operator_class,
    trigger,
    rule,
    row_security,
    deferrable,
    foreign_table,
    catalogue_table,
    temporary_table,
    relative_time,  ///< A constant such as 'now' that was read when the statement was prepared.
    role_name,      ///< A constant that names a role: no stamp tells when that changes.
    text_search,    ///< Text search with parsers or templates of the user's.
    too_large,      ///< It reaches more objects than are looked at.
};

std::string_view to_string(why_not why) noexcept;

}  // namespace penholder::sql
