// The text of one statement. What is judged does not change with what PostgreSQL's scanner does not see, and tokens
// begin where PostgreSQL's own scanner begins them.
#include "fuzz.hpp"
#include "sql/scanner.hpp"
#include "sql/screening.hpp"

#include <algorithm>
#include <optional>
#include <pg_query.h>
#include <string>
#include <string_view>
#include <vector>

using namespace penholder;
using fuzz::require;

namespace {

bool same(const result<sql::screened>& one, const result<sql::screened>& other) {
    if (!one || !other) return !one && !other;
    return one->shape == other->shape && one->parameters == other->parameters;
}

bool is_permitted(const std::string& sql) {
    return static_cast<bool>(sql::screen_statement(sql));
}

std::size_t varint(std::string_view& bytes) {
    std::size_t value = 0;
    for (unsigned shift = 0; !bytes.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        value |= static_cast<std::size_t>(byte & 0x7FU) << shift;
        if ((byte & 0x80U) == 0) break;
    }
    return value;
}

/// Nothing where libpg_query refuses the text. Its tokens' field 1 is where they begin.
std::optional<std::vector<std::size_t>> begins_for_postgresql(const std::string& sql) {
    const auto scanned = pg_query_scan(sql.c_str());
    std::optional<std::vector<std::size_t>> begins;
    if (!scanned.error) {
        begins.emplace();
        std::string_view bytes(scanned.pbuf.data, scanned.pbuf.len);
        while (!bytes.empty()) {
            const auto field = varint(bytes);
            const auto length = varint(bytes);
            if (field != 18) continue;  // Not a token but the version.
            auto of_token = bytes.substr(0, length);
            bytes.remove_prefix(length);
            std::size_t begin = 0;
            while (!of_token.empty()) {
                const bool is_begin = varint(of_token) == 8;
                const auto value = varint(of_token);
                if (is_begin) begin = value;
            }
            begins->push_back(begin);
        }
    }
    pg_query_free_scan_result(scanned);
    return begins;
}

/// Texts with what may be a comment are left out: libpg_query makes tokens of comments.
void compare_with_postgresql(const std::string& sql, const std::vector<sql::token>& tokens) {
    if (sql.find("--") != std::string::npos || sql.find("/*") != std::string::npos) return;
    if (sql.find_first_of(std::string_view("\0\v", 2)) != std::string::npos) return;
    const auto expected = begins_for_postgresql(sql);
    if (!expected) return;
    const bool equal = std::ranges::equal(tokens, *expected, [&](const sql::token& one, std::size_t begin) {
        return static_cast<std::size_t>(one.text.data() - sql.data()) == begin;
    });
    require(equal, "tokens begin where PostgreSQL's do");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string sql(fuzz::text_of(data, size));
    const auto judged = sql::screen_statement(sql);
    require(judged || !judged.error().message.empty(), "a refusal says why");
    require(same(judged, sql::screen_statement(" \t/* a /* nested */ comment */-- and one more\n" + sql)),
            "comments and white space before it change nothing");
    const auto tokens = sql::scan(sql);
    if (!tokens) {
        require(!judged, "what does not end is refused");
        return 0;
    }
    require(tokens->size() <= sql.size(), "there are no more tokens than characters");
    compare_with_postgresql(sql, *tokens);
    require(same(judged, sql::screen_statement(sql + "\n;")), "a semicolon at the end changes nothing");
    require(!is_permitted(sql + "\n; COMMIT") || tokens->empty() || tokens->front().is_word("create"),
            "no statement hides a second one");
    require(!is_permitted(sql + "\n FROM penholder.fence"), "schema penholder is not to be had");
    if (judged && !judged->shape.empty()) {
        require(sql::screen_statement(sql + "\n -- x\n")->shape == judged->shape, "comments have no shape");
    }
    return 0;
}
