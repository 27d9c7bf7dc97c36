#include "ledger_reader.hpp"

#include "hex.hpp"
#include "ledger/origin_ledger.hpp"
#include "ledger/receipt_bytes.hpp"
#include "model/write_id.hpp"
#include "server_connection.hpp"

namespace penholder::postgres {
namespace {

/// The stored receipt in one row of what look_up found: a session keeps its answer to an id that a node gave among the
/// keys, the lane in the origin's row.
std::optional<receipt> found_in(const pqxx::row& row, const std::optional<origin_write_id>& given,
                                const std::string& write_id) {
    const auto content = unhex(row[1].c_str());
    if (std::string_view(row[0].c_str()) == "k") return ledger::replayed_receipt(write_id, content);
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
        const auto origins = given ? work.quote(std::string(given->origin())) : std::string();
        const auto rows = work.exec(
            "SELECT kind, pg_catalog.encode(content, 'hex'), pg_catalog.pg_current_wal_lsn() FROM penholder.look_up(" +
            work.quote(group) + ", ARRAY[" + work.quote(write_id) + "]::pg_catalog.text[], ARRAY[" + origins +
            "]::pg_catalog.text[])");
        std::optional<receipt> found;
        for (std::size_t at = 0; at < rows.size() && !found; ++at) {
            found = found_in(rows[static_cast<pqxx::result::size_type>(at)], given, write_id);
        }
        if (found && found->outcome == outcome::committed) {
            found->lsn = lsn_from_string(rows[0][2].c_str()).value_or(0);
        }
        return found;
    });
}

}  // namespace penholder::postgres
