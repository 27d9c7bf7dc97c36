#pragma once

#include <chrono>

namespace penholder {

/// What the wall clock shows at a moment of the steady one, by which everything is decided. Two readings that were
/// taken together make one; read anew now and then, it follows a wall clock that was set.
class wall_clock {
public:
    using steady = std::chrono::steady_clock::time_point;
    using wall = std::chrono::system_clock::time_point;

    /// One that shows nothing.
    wall_clock() = default;
    wall_clock(steady moment, wall shown) : moment_(moment), shown_(shown) {}

    static wall_clock read() { return {std::chrono::steady_clock::now(), std::chrono::system_clock::now()}; }

    /// In whole milliseconds, which is what is told and kept.
    wall at(steady moment) const {
        if (shown_ == wall{}) return {};
        return std::chrono::floor<std::chrono::milliseconds>(
            shown_ + std::chrono::duration_cast<wall::duration>(moment - moment_));
    }

private:
    steady moment_{};
    wall shown_{};
};

}  // namespace penholder
