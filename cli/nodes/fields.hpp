#pragma once

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace penholder::cli {

/// Reads the members of a JSON object that somebody else wrote: what is missing, or of another type, is the default.
class fields {
public:
    explicit fields(const boost::json::value& from) : object_(from.if_object()) {}

    const boost::json::value* find(std::string_view name) const {
        return object_ == nullptr ? nullptr : object_->if_contains(name);
    }
    std::string text(std::string_view name) const;
    bool flag(std::string_view name) const;
    std::optional<std::int64_t> number(std::string_view name) const;
    std::uint64_t count(std::string_view name) const;

    /// An array, or an empty one.
    const boost::json::array& list(std::string_view name) const;

private:
    const boost::json::object* object_;
};

}  // namespace penholder::cli
