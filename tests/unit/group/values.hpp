#pragma once

#include "group/action.hpp"
#include "group/link_target.hpp"

#include <penholder/receipt.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

/// What the tests of this room pass around.
namespace penholder::group::testing {

inline constexpr time_point noon = time_point{} + std::chrono::hours(12);

inline const link_target to_b{term{5}, "b", "b:1", std::nullopt};

inline receipt committed(const std::string& id) {
    receipt made;
    made.write_id = id;
    made.outcome = outcome::committed;
    return made;
}

inline std::string value_of(const action::log& line, std::string_view key) {
    for (const auto& [name, value] : line.fields) {
        if (name == key) return value;
    }
    return "none";
}

}  // namespace penholder::group::testing
