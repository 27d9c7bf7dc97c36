#pragma once

#include "batch_commands.hpp"
#include "batch_settings.hpp"
#include "batch_writes.hpp"
#include "ledger/origin_ledger.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace penholder::lane {

/// What the ledger holds of the origins seen in this term. Only our term may change that, so it stays true until a
/// batch ends without a proven COMMIT.
using origin_cache = std::map<std::string, ledger::origin_ledger, std::less<>>;

/// One transaction's dealings with the ledger: what it answers already, and what is added to it. Answers to node-given
/// ids go into their origins' rows where a batch records them, and are rows of the keys where a session does: both
/// places are looked into for an id that an earlier attempt may have decided, the keys first. Pure; owned by a batch or
/// a session's transaction; the cache outlives it.
///
/// The cache takes over what was added only with on_committed.
class ledger_check {
public:
    /// Who records: it says where the answers to node-given ids go.
    enum class by : std::uint8_t { lane, session };

    explicit ledger_check(origin_cache& origins, by whom = by::lane) : origins_(&origins), by_(whom) {}

    /// Whether the ledger has to be asked: for what may be decided already, and by the lane for origins that the cache
    /// does not know.
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
    bool settle_by_key(const batch_settings& settings, std::size_t index, batch_writes& all) const;
    void settle_given(std::size_t index, batch_writes& all);
    ledger::origin_ledger& staged(std::string_view origin);

    bool asks_for_origin(const queued_write& one) const;

    origin_cache* origins_;
    by by_;
    origin_cache staged_;                                              ///< As they will be after the COMMIT.
    std::map<std::string, std::pair<std::string, std::string>> keys_;  ///< Fingerprint and receipt of rows found.
};

}  // namespace penholder::lane
