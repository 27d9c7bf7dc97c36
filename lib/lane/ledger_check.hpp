#pragma once

#include "batch_commands.hpp"
#include "batch_settings.hpp"
#include "batch_writes.hpp"
#include "ledger/origin_ledger.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace penholder::lane {

/// What the ledger holds of the origins seen in this term. Only our term may change that, so it stays true until a
/// batch ends without a proven COMMIT.
using origin_cache = std::map<std::string, ledger::origin_ledger, std::less<>>;

/// One batch's dealings with the ledger: what it answers already, and what the batch adds to it. Pure; owned by a
/// batch; the cache is the lane's and outlives it.
///
/// The cache takes over what was added only with on_committed.
class ledger_check {
public:
    explicit ledger_check(origin_cache& origins) : origins_(&origins) {}

    /// Whether the ledger has to be asked: for keys, and for origins that the cache does not know.
    bool needs_look_up(const batch_writes& all) const;
    command look_up(const batch_settings& settings, const batch_writes& all) const;
    void absorb(const reply& found);

    /// Settles every write that the ledger answers already. After absorb, where a look-up was needed.
    void settle_known(const batch_settings& settings, batch_writes& all);

    /// What is to be recorded of the executed and the rejected writes; nothing where there are none.
    std::optional<command> record(const batch_settings& settings, batch_writes& all);
    void on_committed();
    void forget_record() { staged_.clear(); }

private:
    void settle_keyed(const batch_settings& settings, std::size_t index, batch_writes& all) const;
    void settle_given(std::size_t index, batch_writes& all);
    ledger::origin_ledger& staged(std::string_view origin);

    origin_cache* origins_;
    origin_cache staged_;                                              ///< As they will be after the COMMIT.
    std::map<std::string, std::pair<std::string, std::string>> keys_;  ///< Fingerprint and receipt of keys found.
};

}  // namespace penholder::lane
