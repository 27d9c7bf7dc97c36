#include "why_not.hpp"

namespace penholder::sql {

std::string_view to_string(why_not why) noexcept {
    switch (why) {
        case why_not::never: return "never";
        case why_not::no_stamp: return "no_stamp";
        case why_not::refused: return "refused";
        case why_not::unknown: return "unknown";
        case why_not::volatile_function: return "volatile_function";
        case why_not::transaction_id: return "transaction_id";
        case why_not::setting: return "setting";
        case why_not::session_state: return "session_state";
        case why_not::system_column: return "system_column";
        case why_not::user_function: return "user_function";
        case why_not::user_operator: return "user_operator";
        case why_not::user_type: return "user_type";
        case why_not::user_cast: return "user_cast";
        case why_not::operator_class: return "operator_class";
        case why_not::trigger: return "trigger";
        case why_not::rule: return "rule";
        case why_not::row_security: return "row_security";
        case why_not::deferrable: return "deferrable";
        case why_not::foreign_table: return "foreign_table";
        case why_not::catalogue_table: return "catalogue_table";
        case why_not::temporary_table: return "temporary_table";
        case why_not::relative_time: return "relative_time";
        case why_not::role_name: return "role_name";
        case why_not::text_search: return "text_search";
        case why_not::too_large: return "too_large";
    }
    return "unknown";
}

}  // namespace penholder::sql
