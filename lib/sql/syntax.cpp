#include "syntax.hpp"

#include "sqlstate.hpp"

#include <cstddef>
#include <pg_query.h>

namespace penholder::sql {
namespace {

constexpr std::size_t longest_looked_at = std::size_t{64} * 1024;

}  // namespace

std::optional<error> syntax_error_in(const std::string& sql) {
    if (sql.size() > longest_looked_at) return std::nullopt;
    const auto parsed = pg_query_parse(sql.c_str());
    std::optional<error> found;
    if (parsed.error != nullptr) {
        found = error{errc::statement_failed, parsed.error->message, std::string(syntax_error_sqlstate)};
        if (parsed.error->cursorpos > 0) found->position = static_cast<std::size_t>(parsed.error->cursorpos);
    }
    pg_query_free_parse_result(parsed);
    return found;
}

}  // namespace penholder::sql
