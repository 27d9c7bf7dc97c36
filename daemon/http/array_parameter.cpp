#include "daemon/http/array_parameter.hpp"

#include "api/exact_json.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace penholder::daemon {
namespace {

namespace json = boost::json;

constexpr std::size_t most_dimensions = 6;  // PostgreSQL's MAXDIM.

/// With white space that arrays may have before them and JSON may not: `{}` would pass for an object where the
/// parameter is json or jsonb.
constexpr std::string_view empty_array = "\v{}";

std::string_view sort_of(const json::value& scalar) {
    if (scalar.is_bool()) return "booleans";
    return scalar.is_string() && !api::is_verbatim(scalar) ? "strings" : "numbers";
}

std::string text_of(const json::value& scalar) {
    if (api::is_verbatim(scalar)) return std::string(api::verbatim_text(scalar));
    return scalar.is_string() ? std::string(scalar.get_string()) : api::write_exactly(scalar);
}

error refused(std::string_view what) {
    return {errc::malformed_write,
            fmt::format("{}; for a json or jsonb parameter write {{\"json\": [...]}}, which sends it as JSON", what)};
}

/// Reads an array from the outside in: every array of one level has the length of the first one there, and scalars are
/// on one level only.
class array_reader {
public:
    result<parameter> read(const json::array& whole) {
        if (auto failed = read_level(whole, 0)) return *std::move(failed);
        return parameter(has_values_ ? std::move(text_) : std::string(empty_array));
    }

private:
    std::optional<error> read_level(const json::array& from, std::size_t level) {
        if (level == most_dimensions) return refused("the array has more than six dimensions, PostgreSQL's have six");
        if (level == lengths_.size()) lengths_.push_back(from.size());
        if (lengths_[level] != from.size()) {
            return refused(
                fmt::format("the array has arrays of {} and of {} elements side by side, PostgreSQL's have "
                            "equal lengths",
                            lengths_[level], from.size()));
        }
        text_ += '{';
        for (const auto& each : from) {
            if (&each != from.begin()) text_ += ',';
            if (auto failed = each.is_array() ? read_array(each.get_array(), level) : read_scalar(each, level)) {
                return failed;
            }
        }
        text_ += '}';
        return std::nullopt;
    }

    std::optional<error> read_array(const json::array& from, std::size_t level) {
        if (scalars_at_ && *scalars_at_ <= level) return refused("the array has an array beside what is none");
        return read_level(from, level + 1);
    }

    std::optional<error> read_scalar(const json::value& scalar, std::size_t level) {
        if (scalar.is_object()) return refused("the array has an object in it");
        if (level + 1 < lengths_.size() || (scalars_at_ && *scalars_at_ != level)) {
            return refused("the array has an array beside what is none");
        }
        scalars_at_ = level;
        has_values_ = true;
        if (scalar.is_null()) {
            append_array_element(text_, std::nullopt);
            return std::nullopt;
        }
        const auto kind = sort_of(scalar);
        if (!kind_.empty() && kind_ != kind) {
            return refused(fmt::format("the array has {} and {} in it, PostgreSQL's have one type", kind_, kind));
        }
        kind_ = kind;
        append_array_element(text_, text_of(scalar));
        return std::nullopt;
    }

    std::string text_;
    std::vector<std::size_t> lengths_;       ///< Of each level's arrays.
    std::optional<std::size_t> scalars_at_;  ///< The level that has them.
    std::string_view kind_;                  ///< Of the scalars; empty while there was none but null.
    bool has_values_ = false;
};

}  // namespace

result<parameter> array_parameter(const json::array& from) {
    return array_reader().read(from);
}

}  // namespace penholder::daemon
