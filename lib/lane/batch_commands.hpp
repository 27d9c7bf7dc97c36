#pragma once

#include "batch_settings.hpp"
#include "command.hpp"
#include "queued_write.hpp"
#include "sweep_pacing.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::lane {

/// The commands of the lane's and the sessions' transactions, each as one line of SQL with its parameters.

inline constexpr std::string_view other_catalogue_sqlstate = "PH002";
inline constexpr std::string_view decided_sqlstate = "PH004";

command begin_transaction();

/// Locks the connection's slot of the fence and raises where it does not stand at the term; bounds each statement, and
/// each wait for a lock, from here on.
command guard(const batch_settings& settings, int statement_timeout_ms);

/// How long the statements of this write may take: what is left to its deadline, within the connection's bounds.
int statement_timeout_ms(const batch_settings& settings, const queued_write& of,
                         std::chrono::steady_clock::time_point now);

/// Raises `other_catalogue_sqlstate` where the catalogue is not the one that the lane's facts are of.
command check_catalogue(const batch_settings& settings);

/// Its reply brings the catalogue's stamp.
command read_catalogue();

/// Strings without a prefix are read as they were when the statement was screened, whatever the statements before it
/// did.
command read_strings_as_screened();

/// What the transaction calls these types, one row each, in their order.
command ask_type_names(const std::vector<unnamed_type>& types);

command set_savepoint(const std::string& name);
command roll_back();
command roll_back_to(const std::string& savepoint);
command commit();

/// Where the log stands after the COMMIT.
command log_position();

/// Makes a session's connection as new.
command clean_session();

/// Raises `decided_sqlstate` where the ledger knows the key.
command expect_new(const batch_settings& settings, const std::string& key);

command look_up(const batch_settings& settings, const std::vector<std::string>& keys,
                const std::vector<std::string>& origins);

/// What one transaction adds to the ledger, column by column.
struct ledger_rows {
    std::vector<std::string> keys;
    std::vector<std::string> fingerprints;
    std::vector<std::string> receipts;
    std::vector<std::string> origins;
    std::vector<std::string> states;

    bool empty() const noexcept { return keys.empty() && origins.empty(); }
};

command record(const batch_settings& settings, const ledger_rows& rows);

/// Forgets what is older than the retentions say, so much at once that nobody waits long.
command sweep_ledger(const batch_settings& settings, const sweep_step& step);

/// Takes up what fires no trigger as a change of the catalogue, and keeps its table small.
command tend_catalogue();

}  // namespace penholder::lane
