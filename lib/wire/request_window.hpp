#pragma once

#include "request.hpp"

#include <array>
#include <cassert>
#include <cstddef>

namespace penholder::wire {

/// The requests of one connection that have no reply yet, against how many may be: of writes as many as the leader
/// takes at once, of each other kind a fixed number. A new connection begins with a new window, because the requests of
/// a lost one get no reply any more.
class request_window {
public:
    /// A window of no writes: nothing may be sent yet.
    request_window() = default;
    explicit request_window(std::size_t writes) noexcept : writes_(writes) {}

    bool has_room(const request_body& wanted) const noexcept { return open_[wanted.index()] < limit(wanted.index()); }

    /// Only where there is room.
    void sent(const request_body& asked) noexcept {
        assert(has_room(asked));
        ++open_[asked.index()];
    }

    /// A reply that nobody asked for counts nothing.
    void replied(const reply_body& got) noexcept {
        if (auto& open = open_[got.index()]; open > 0) --open;
    }

    /// How many writes may be without a reply, and how many are.
    std::size_t writes() const noexcept { return writes_; }
    std::size_t writes_open() const noexcept { return open_[0]; }

private:
    static constexpr std::size_t others = 256;

    std::size_t limit(std::size_t kind) const noexcept { return kind == 0 ? writes_ : others; }

    std::size_t writes_ = 0;
    std::array<std::size_t, std::variant_size_v<request_body>> open_{};
};

static_assert(std::is_same_v<std::variant_alternative_t<0, request_body>, submit>);

}  // namespace penholder::wire
