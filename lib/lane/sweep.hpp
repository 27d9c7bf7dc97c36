#pragma once

#include "batch_settings.hpp"
#include "command.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace penholder::lane {

/// Makes the ledger forget what is older than its retentions, in a transaction of its own under the guard, all of it in
/// one round. Pure; owned by the applier. `begin` once, then on_replies until it answers nothing.
class sweep {
public:
    explicit sweep(batch_settings settings) : settings_(std::move(settings)) {}

    round begin() const;
    std::optional<round> on_replies(const std::vector<reply>& replies);

    bool done() const noexcept { return end_ == end::done; }
    bool fenced() const noexcept { return end_ == end::fenced; }
    bool needs_reconnect() const noexcept { return end_ == end::broken; }

private:
    enum class end : std::uint8_t { none, done, fenced, failed, broken };

    batch_settings settings_;
    end end_ = end::none;
};

}  // namespace penholder::lane
