#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace penholder::fuzz {

/// What must hold for any input: where it does not, the input is a finding like one that crashes.
inline void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "this must hold and does not: %s\n", what);
    std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// Takes small choices off the front of an input, so that one target can try several things and the rest stays text.
class choices {
public:
    explicit choices(std::string_view input) : rest_(input) {}

    std::uint8_t byte() {
        if (rest_.empty()) return 0;
        const auto first = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return first;
    }
    std::string text(std::size_t most) {
        const auto taken = rest_.substr(0, most);
        rest_.remove_prefix(taken.size());
        return std::string(taken);
    }
    std::string_view rest() const noexcept { return rest_; }

private:
    std::string_view rest_;
};

}  // namespace penholder::fuzz
