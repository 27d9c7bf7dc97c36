// The text of one statement. What is judged does not change with what PostgreSQL's scanner does not see.
#include "fuzz.hpp"
#include "sql/screening.hpp"
#include "sql/sql_lexer.hpp"

#include <algorithm>

using namespace penholder;
using fuzz::require;

namespace {

bool same(const result<sql::screened>& one, const result<sql::screened>& other) {
    if (!one || !other) return !one && !other;
    return one->alone == other->alone;
}

bool is_permitted(const std::string& sql) {
    return static_cast<bool>(sql::screen_statement(sql));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string sql(fuzz::text_of(data, size));
    const auto judged = sql::screen_statement(sql);
    require(judged || !judged.error().message.empty(), "a refusal says why");
    require(same(judged, sql::screen_statement(" \t/* a /* nested */ comment */-- and one more\n" + sql)),
            "comments and white space before it change nothing");
    const auto words = sql::cut(sql);
    if (!words) {
        require(!judged, "what does not end is refused");
        return 0;
    }
    require(words->size() <= sql.size(), "there are no more words than characters");
    require(same(judged, sql::screen_statement(sql + "\n;")), "a semicolon at the end changes nothing");
    require(!is_permitted(sql + "\n; COMMIT") || words->empty() || words->front().is_word("create"),
            "no statement hides a second one");
    require(!is_permitted(sql + "\n FROM penholder.fence"), "schema penholder is not to be had");
    return 0;
}
