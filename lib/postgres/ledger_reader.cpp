#include "ledger_reader.hpp"

#include "ledger/origin_ledger.hpp"
#include "ledger/receipt_bytes.hpp"
#include "model/write_id.hpp"
#include "server_connection.hpp"

namespace penholder::postgres {
namespace {

std::string unhex(std::string_view text) {
    std::string bytes;
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
        bytes += static_cast<char>((digit(text[at]) << 4) | digit(text[at + 1]));
    }
    return bytes;
}

/// The stored receipt in what look_up found for one key or one origin.
std::optional<receipt> found_in(const std::optional<origin_write_id>& given, const std::string& write_id,
                                const std::string& content) {
    if (!given) return ledger::replayed_receipt(write_id, content);
    const auto state = ledger::origin_ledger::from_bytes(content);
    if (!state || state->look_up(given->sequence(), {}) != ledger::origin_ledger::state::answered) return std::nullopt;
    return ledger::replayed_receipt(write_id, state->answer(given->sequence()));
}

}  // namespace

result<std::optional<receipt>> read_receipt(raw_connection& connection, const std::string& group,
                                            const std::string& write_id) {
    return guarded([&]() -> result<std::optional<receipt>> {
        const auto given = origin_write_id::parse(write_id);
        pqxx::nontransaction work(connection.pqxx());
        const auto wanted = "ARRAY[" + work.quote(given ? std::string(given->origin()) : write_id) + "]::text[]";
        const auto none = std::string("ARRAY[]::text[]");
        const auto rows = work.exec(
            "SELECT pg_catalog.encode(content, 'hex'), pg_catalog.pg_current_wal_lsn() FROM penholder.look_up(" +
            work.quote(group) + ", " + (given ? none + ", " + wanted : wanted + ", " + none) + ")");
        if (rows.empty()) return std::optional<receipt>();
        auto found = found_in(given, write_id, unhex(rows[0][0].c_str()));
        if (found && found->outcome == outcome::committed) {
            found->lsn = lsn_from_string(rows[0][1].c_str()).value_or(0);
        }
        return found;
    });
}

}  // namespace penholder::postgres
