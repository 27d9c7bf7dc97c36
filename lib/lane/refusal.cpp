#include "refusal.hpp"

#include "base/utf8.hpp"
#include "sql/advice.hpp"

#include <string>
#include <string_view>

namespace penholder::lane {
namespace {

/// RAISE can give any of these any length. PostgreSQL's own names have 63 bytes at most.
constexpr std::size_t most_name_bytes = 256;
constexpr std::size_t most_text_bytes = 2048;

void cut(std::string& text, std::size_t most) {
    text.resize(utf8_beginning(text, most).size());
}

error_fields within_bounds(error_fields given) {
    for (auto* name : {&given.schema, &given.table, &given.column, &given.data_type, &given.constraint}) {
        cut(*name, most_name_bytes);
    }
    cut(given.detail, most_text_bytes);
    return given;
}

}  // namespace

reason refusal(const reply& why, std::optional<std::size_t> statement, bool with_detail) {
    reason made{errc::statement_failed, why.message, why.sqlstate, statement};
    if (why.report) {
        made.hint = why.report->hint;
        cut(made.hint, most_text_bytes);
        made.fields = within_bounds(why.report->fields);
    }
    if (!with_detail) made.fields.detail.clear();
    if (!statement) made.fields.position.reset();
    if (made.hint.empty()) made.hint = sql::advice(why.sqlstate);
    return made;
}

}  // namespace penholder::lane
