#pragma once

#include "batch_settings.hpp"
#include "command.hpp"
#include "sweep_pacing.hpp"
#include "trouble.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace penholder::lane {

/// One step of making the ledger forget what is older than its retentions, in a transaction of its own under the guard,
/// all of it in one round. It also sees changes of the catalogue that no batch came to see; the first step of each
/// minute looks for those that fire no trigger. Pure; owned by the batcher. `begin` once, then on_replies until it
/// answers nothing.
class sweep {
public:
    sweep(batch_settings settings, sweep_step step) : settings_(std::move(settings)), step_(step) {}

    round begin() const;
    std::optional<round> on_replies(const std::vector<reply>& replies);

    bool done() const noexcept { return end_ == end::done; }
    std::uint64_t forgotten() const noexcept { return forgotten_; }
    std::uint64_t swept_to() const noexcept { return swept_to_; }  ///< As sweep_step::from.
    bool more() const noexcept { return more_; }                   ///< To forget.
    bool stale() const noexcept { return stale_; }  ///< The catalogue is another than that of its settings.
    bool fenced() const noexcept { return end_ == end::fenced; }
    bool needs_reconnect() const noexcept { return end_ == end::broken; }
    const trouble& why() const noexcept { return why_; }  ///< It is not done, for no newer term.

private:
    enum class end : std::uint8_t { none, done, fenced, failed, broken };

    batch_settings settings_;
    sweep_step step_;
    end end_ = end::none;
    trouble why_;
    std::uint64_t forgotten_ = 0;
    std::uint64_t swept_to_ = 0;
    bool more_ = false;
    bool stale_ = false;
};

}  // namespace penholder::lane
