#pragma once

#include <string_view>
#include <vector>

namespace penholder::simulation {

/// The deliberate mistakes that this program's product can make; none where it is the product as it is.
std::vector<std::string_view> known_mistakes();

/// Makes this mistake from now on, or none where `name` is empty; false where this program cannot.
bool make_mistake(std::string_view name);

}  // namespace penholder::simulation
