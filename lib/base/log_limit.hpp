#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace penholder {

/// Lets a few lines through each second and counts the others, so that neither a peer's nonsense nor
/// an overload can fill the disk.
class log_limit {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// How many lines were kept back since the last one that was let through; nothing when this one is kept back too.
    std::optional<std::uint64_t> pass(time_point now) noexcept {
        if (now - second_began_ >= std::chrono::seconds(1)) {
            second_began_ = now;
            passed_ = 0;
        }
        if (passed_ >= lines_a_second) {
            ++kept_back_;
            return std::nullopt;
        }
        ++passed_;
        const auto before = kept_back_;
        kept_back_ = 0;
        return before;
    }

private:
    static constexpr int lines_a_second = 10;

    time_point second_began_{};
    int passed_ = 0;
    std::uint64_t kept_back_ = 0;
};

}  // namespace penholder
