#pragma once

#include "lane/batch_settings.hpp"
#include "lane/batch_writes.hpp"
#include "lane/command.hpp"
#include "lane/queued_write.hpp"
#include "lane/statement_notes.hpp"
#include "sql/plainness.hpp"
#include "write/write_check.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace penholder::lane::testing {

inline const auto now = std::chrono::steady_clock::time_point(std::chrono::hours(1));
inline const std::string origin = "n.0000000000000001";
inline const std::string plain_sql = "UPDATE t SET a = a + 1";
inline const std::string call = "SELECT f()";
inline const sql::catalogue_stamp stamp{5};

/// What is known once `plain_sql` has affected a row.
inline statement_notes counted_once() {
    statement_notes notes;
    notes.of(plain_sql).rows = 1;
    return notes;
}

inline const batch_settings settings{.group = "g",
                                     .held = {7},
                                     .slot = {},
                                     .catalogue = stamp,
                                     .statement_timeout_ms = 1000,
                                     .lock_timeout_ms = 20,
                                     .key_retention_s = 10,
                                     .origin_retention_s = 20,
                                     .max_receipt_bytes = 1000};

inline queued_write a_write(write_id id, std::vector<statement> statements,
                            std::chrono::milliseconds within = std::chrono::seconds(5)) {
    auto what = std::make_shared<penholder::write>();
    for (auto& one : statements) what->add(std::move(one));
    auto checked = write_check(10'000'000).check(std::move(id), what);
    return {.taken = {ticket{1}, std::move(checked).value(), {}, now + within}};
}

/// The first attempt at a write of one statement, under an id that a node gave.
inline queued_write given(std::uint64_t sequence, std::optional<std::uint64_t> expected = {},
                          const std::string& sql = plain_sql) {
    statement one(sql);
    if (expected) one.expect_rows(*expected);
    auto made = a_write(origin_write_id(origin, sequence), {one});
    made.taken.ticket = ticket{sequence};
    made.taken.again = false;
    return made;
}

inline batch_writes so_many(std::uint64_t count, const std::string& sql = plain_sql) {
    std::vector<queued_write> all;
    for (std::uint64_t sequence = 1; sequence <= count; ++sequence) all.push_back(given(sequence, {}, sql));
    return batch_writes(std::move(all));
}

/// The same, under an application's key.
inline queued_write keyed(const std::string& key, const std::string& sql = plain_sql) {
    auto made = a_write(write_id::parse(key).value(), {statement(sql)});
    made.fingerprint = "print of " + sql;
    return made;
}

inline reply done(const std::string& tag, std::uint64_t rows = 1) {
    reply made{.what = reply::kind::done, .tag = tag, .result = {}, .sqlstate = {}, .message = {}};
    made.result.rows_affected = rows;
    return made;
}

/// One value of a type that only the catalogue can name.
inline reply of_an_unnamed_type(std::uint32_t oid, const std::string& tag = "SELECT 1") {
    auto made = done(tag);
    made.result.columns = {"id", "how"};
    made.result.types = {"integer", ""};
    made.result.rows = {{"1", "happy"}};
    made.unnamed = {{1, oid, -1}};
    return made;
}

/// What the server calls such types, in the order in which it was asked.
inline reply type_names(const std::vector<std::string>& names) {
    auto made = done("SELECT " + std::to_string(names.size()), names.size());
    for (const auto& name : names) made.result.rows.push_back({name});
    return made;
}
inline constexpr auto asks_type_names = "SELECT pg_catalog.format_type";

inline reply failing(const std::string& sqlstate) {
    return {.what = reply::kind::failed, .tag = {}, .result = {}, .sqlstate = sqlstate, .message = "refused"};
}

/// The server ends the connection with it.
inline reply fatal(const std::string& sqlstate) {
    auto made = failing(sqlstate);
    made.fatal = true;
    return made;
}

inline reply too_large() {
    auto made = done("SELECT 1");
    made.too_large = true;
    return made;
}

/// What the catalogue says of a plain statement, or of one that is not.
inline result<sql::judgement> plain(std::vector<std::string> stamped_tables = {}, sql::catalogue_stamp as_of = stamp) {
    sql::judgement made;
    made.plainness.plain = true;
    made.plainness.leaves = sql::residue::nothing;
    made.plainness.stamped_tables = std::move(stamped_tables);
    made.as_of = as_of;
    return made;
}
inline result<sql::judgement> not_plain(const std::string& why, sql::residue leaves = sql::residue::cleanable) {
    sql::judgement made;
    made.plainness.why_not = why;
    made.plainness.leaves = leaves;
    made.as_of = stamp;
    return made;
}

/// What a server answers that does whatever it is told, except for what `refuse` answers instead.
inline std::vector<reply> served(const round& sent,
                                 const std::function<std::optional<reply>(const command&)>& refuse = {}) {
    std::vector<reply> replies;
    bool aborted = false;
    for (const auto& one : sent) {
        auto refused = refuse && !aborted ? refuse(one) : std::nullopt;
        if (aborted) {
            replies.emplace_back();
        } else if (refused) {
            aborted = refused->failed();
            replies.push_back(*refused);
        } else {
            replies.push_back(done(one.sql == "COMMIT"             ? "COMMIT"
                                   : one.sql.starts_with("SELECT") ? "SELECT 1"
                                                                   : "UPDATE 1"));
            if (one.sql.starts_with("SELECT pg_catalog.pg_current_wal_lsn")) replies.back().result.rows = {{"0/10"}};
            if (one.sql == "SELECT penholder.catalogue_stamp()") {
                replies.back().result.rows = {{std::to_string(stamp.value)}};
            }
        }
    }
    return replies;
}

/// The answer to commands that begin so, where a server is to give another one.
using refuser = std::function<std::optional<reply>(const command&)>;
inline refuser answering(const std::string& begin, const reply& with) {
    return
        [begin, with](const command& one) { return one.sql.starts_with(begin) ? std::optional(with) : std::nullopt; };
}

inline std::vector<std::string> texts(const round& sent) {
    std::vector<std::string> all;
    for (const auto& one : sent) all.push_back(one.sql);
    return all;
}

inline bool holds(const round& sent, const std::string& sql) {
    return std::ranges::count(sent, sql, &command::sql) > 0;
}

inline bool begins_one(const round& sent, const std::string& with) {
    return std::ranges::any_of(sent, [&](const auto& one) { return one.sql.starts_with(with); });
}

}  // namespace penholder::lane::testing
