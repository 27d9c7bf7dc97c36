#include "key_removal.hpp"

#include "hex.hpp"
#include "ledger/receipt_bytes.hpp"
#include "server_connection.hpp"
#include "sql/sqlstate.hpp"

namespace penholder::postgres {
namespace {

/// Whether it was there to be removed. Errors: not_leader.
result<bool> remove(pqxx::transaction_base& work, const std::string& group, term held, const std::string& key,
                    const std::string& receipt_hex) {
    try {
        return work
            .exec("SELECT penholder.forget(" + work.quote(group) + ", " + std::to_string(held.value) + ", " +
                  work.quote(key) + ", pg_catalog.decode(" + work.quote(receipt_hex) + ", 'hex'))")[0][0]
            .as<bool>();
    } catch (const pqxx::sql_error& refused) {
        if (refused.sqlstate() != sql::fenced_sqlstate) throw;
        return error{errc::not_leader, "the database refused this leader: another term has fenced it"};
    }
}

}  // namespace

result<std::optional<receipt>> forget_key(raw_connection& connection, const std::string& group, term held,
                                          const std::string& key) {
    return guarded([&]() -> result<std::optional<receipt>> {
        pqxx::work work(connection.pqxx());
        const auto rows = work.exec("SELECT pg_catalog.encode(content, 'hex') FROM penholder.look_up(" +
                                    work.quote(group) + ", ARRAY[" + work.quote(key) + "]::pg_catalog.text[], '{}')");
        if (rows.empty()) return std::optional<receipt>();
        const std::string kept_hex = rows[0][0].c_str();
        auto kept = ledger::replayed_receipt(key, unhex(kept_hex));
        if (!kept) return error{errc::internal, "what the ledger keeps of '" + key + "' cannot be read"};
        if (kept->outcome == outcome::committed) {
            return error{errc::refused, "the write of key '" + key +
                                            "' was committed: its receipt is what keeps it from taking effect twice, "
                                            "and is not forgotten"};
        }
        const auto removed = remove(work, group, held, key, kept_hex);
        if (!removed) return removed.error();
        if (!*removed) return error{errc::in_flight, "the key '" + key + "' is being decided anew; ask again"};
        work.commit();
        return kept;
    });
}

}  // namespace penholder::postgres
