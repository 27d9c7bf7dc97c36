#include "daemon/http/body_reader.hpp"

#include "api/exact_json.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace penholder::daemon {
namespace {

namespace json = boost::json;

std::string_view kind_of(const json::value& value) {
    if (api::is_verbatim(value)) return "a number that is no 64-bit integer";
    switch (value.kind()) {
        case json::kind::null: return "null";
        case json::kind::bool_: return "a boolean";
        case json::kind::string: return "a string";
        case json::kind::array: return "an array";
        case json::kind::object: return "an object";
        default: return "a number";
    }
}

std::string under(const std::string& pointer, std::string_view name) {
    std::string path = pointer + "/";
    for (const char c : name) {
        if (c == '~')
            path += "~0";
        else if (c == '/')
            path += "~1";
        else
            path += c;
    }
    return path;
}

}  // namespace

const json::object* body_reader::object(const json::value& value, const std::string& pointer,
                                        std::initializer_list<std::string_view> known) {
    const auto* found = value.if_object();
    if (found == nullptr) {
        wrong_type(value, pointer, "an object");
        return nullptr;
    }
    for (const auto& member : *found) {
        const std::string_view name(member.key().data(), member.key().size());
        if (std::ranges::find(known, name) == known.end()) {
            fail(under(pointer, name), fmt::format("there is no member '{}' here; known are {}", name,
                                                   fmt::join(known.begin(), known.end(), ", ")));
            return nullptr;
        }
    }
    return found;
}

const json::array* body_reader::array(const json::object& from, std::string_view name, const std::string& pointer) {
    const auto* value = from.if_contains(name);
    if (value == nullptr) return nullptr;
    if (!value->is_array()) wrong_type(*value, under(pointer, name), "an array");
    return value->if_array();
}

std::optional<std::string> body_reader::text(const json::object& from, std::string_view name,
                                             const std::string& pointer) {
    const auto* value = from.if_contains(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_string() || api::is_verbatim(*value)) {
        wrong_type(*value, under(pointer, name), "a string");
        return std::nullopt;
    }
    return std::string(value->get_string());
}

std::optional<bool> body_reader::boolean(const json::object& from, std::string_view name, const std::string& pointer) {
    const auto* value = from.if_contains(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_bool()) {
        wrong_type(*value, under(pointer, name), "true or false");
        return std::nullopt;
    }
    return value->get_bool();
}

std::optional<std::int64_t> body_reader::integer(const json::object& from, std::string_view name,
                                                 const std::string& pointer, std::int64_t least, std::int64_t most) {
    const auto* value = from.if_contains(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_int64()) {
        wrong_type(*value, under(pointer, name), fmt::format("an integer from {} to {}", least, most));
        return std::nullopt;
    }
    const auto number = value->get_int64();
    if (number >= least && number <= most) return number;
    fail(under(pointer, name), fmt::format("{} is out of range; expected {} to {}", number, least, most));
    return std::nullopt;
}

void body_reader::fail(std::string pointer, std::string message) {
    if (!problem_) problem_ = body_problem{std::move(pointer), std::move(message)};
}

void body_reader::wrong_type(const json::value& value, std::string pointer, std::string_view expected) {
    fail(std::move(pointer), fmt::format("found {}, expected {}", kind_of(value), expected));
}

}  // namespace penholder::daemon
