#pragma once

#include "daemon/http/submission.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace penholder::daemon {

/// Takes values out of a parsed body and keeps the first thing that is wrong with it, with the place.
class body_reader {
public:
    /// The object at `pointer`, if it is one and has no members besides `known`.
    const boost::json::object* object(const boost::json::value& value, const std::string& pointer,
                                      std::initializer_list<std::string_view> known);

    /// The member as the type asked for; nothing where it is absent or wrong.
    const boost::json::array* array(const boost::json::object& from, std::string_view name, const std::string& pointer);
    std::optional<std::string> text(const boost::json::object& from, std::string_view name, const std::string& pointer);
    std::optional<bool> boolean(const boost::json::object& from, std::string_view name, const std::string& pointer);
    std::optional<std::int64_t> integer(const boost::json::object& from, std::string_view name,
                                        const std::string& pointer, std::int64_t least, std::int64_t most);

    void fail(std::string pointer, std::string message);
    const std::optional<body_problem>& problem() const noexcept { return problem_; }

private:
    void wrong_type(const boost::json::value& value, std::string pointer, std::string_view expected);

    std::optional<body_problem> problem_;
};

}  // namespace penholder::daemon
