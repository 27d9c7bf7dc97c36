#pragma once

#include "batch_settings.hpp"
#include "command.hpp"
#include "queued_write.hpp"

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::lane {

/// The commands of a lane's transactions, each as one line of SQL with its parameters.

command begin_transaction();

/// Locks the fence and raises where it does not stand at the term; bounds each statement from here on.
command guard(const batch_settings& settings, int statement_timeout_ms);
command set_timeout(int ms);

/// How long the statements of this write may take: what is left to its deadline, within the lane's bounds.
int statement_timeout_ms(const batch_settings& settings, const queued_write& of,
                         std::chrono::steady_clock::time_point now);

command set_savepoint(const std::string& name, bool reuse);
command roll_back();
command roll_back_to(const std::string& savepoint);
command commit();

/// Where the log stands after the COMMIT; releases what locks the session still holds.
command log_position();

/// What a function may have left in the session although the statement's text did not show it is reset by these.
inline constexpr std::array<std::string_view, 5> session_resets{"RESET SESSION AUTHORIZATION", "RESET ALL", "CLOSE ALL",
                                                                "UNLISTEN *", "DISCARD TEMP"};

command look_up(const batch_settings& settings, const std::vector<std::string>& keys,
                const std::vector<std::string>& origins);

/// What one batch adds to the ledger, column by column.
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
command sweep_ledger(const batch_settings& settings);

}  // namespace penholder::lane
