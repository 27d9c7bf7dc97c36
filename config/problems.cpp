#include "problems.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace penholder::config {

void problems::add(position where, std::string_view message) {
    errors_.push_back(line(where, message));
}

error problems::summary() const {
    return {errc::invalid_configuration, fmt::format("{}", fmt::join(errors_, "\n"))};
}

std::string problems::line(position where, std::string_view message) const {
    if (where.line == 0) return fmt::format("{}: {}", source_, message);
    return fmt::format("{}:{}:{}: {}", source_, where.line, where.column, message);
}

}  // namespace penholder::config
