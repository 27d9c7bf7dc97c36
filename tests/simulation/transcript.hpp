#pragma once

#include "timeline.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace penholder::simulation {

/// What a person reads of one schedule, line by line. Only failing seeds are told, so telling costs nothing otherwise.
class transcript {
public:
    void line(std::string_view who, std::string_view what);
    const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
};

/// The name of a node's place; of the world, "world".
std::string_view name_of(int place) noexcept;

/// The transcript of the schedule that runs now; null where nobody reads it.
transcript* present_transcript() noexcept;

template <class... Values>
void tell(std::string_view who, fmt::format_string<Values...> how, Values&&... values) {
    if (auto* into = present_transcript()) into->line(who, fmt::format(how, std::forward<Values>(values)...));
}

}  // namespace penholder::simulation
