#include "cli/nodes/fields.hpp"

namespace penholder::cli {

std::string fields::text(std::string_view name) const {
    const auto* value = find(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

bool fields::flag(std::string_view name) const {
    const auto* value = find(name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

std::optional<std::int64_t> fields::number(std::string_view name) const {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    boost::system::error_code failed;
    const auto number = value->to_number<std::int64_t>(failed);
    return failed ? std::nullopt : std::optional(number);
}

std::uint64_t fields::count(std::string_view name) const {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(number(name).value_or(0), 0));
}

const boost::json::array& fields::list(std::string_view name) const {
    static const boost::json::array none;
    const auto* value = find(name);
    return value != nullptr && value->is_array() ? value->get_array() : none;
}

}  // namespace penholder::cli
