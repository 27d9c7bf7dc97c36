#pragma once

#include <cstdint>

namespace penholder::lane {

/// What a command of a round is for.
enum class purpose : std::uint8_t {
    other,
    guard,
    expect_new,
    look_up,
    statement,
    counted,
    record,
    catalogue,
    probe,  ///< A command of ours that failed, without the write's statements.
    commit,
    position,
    type_names,
};

/// Several of them.
class purposes {
public:
    void add(purpose one) noexcept { bits_ |= bit(one); }
    bool have(purpose one) const noexcept { return (bits_ & bit(one)) != 0; }

    static purposes only(purpose one) noexcept {
        purposes made;
        made.add(one);
        return made;
    }

private:
    static std::uint32_t bit(purpose one) noexcept { return std::uint32_t{1} << static_cast<unsigned>(one); }

    std::uint32_t bits_ = 0;
};

}  // namespace penholder::lane
