#pragma once

#include <penholder/errc.hpp>

#include <boost/describe/enum.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// How a JSON object is described once and then written and read by that one description. A description is a function
///
///     template <class Members>
///     void describe(Members& has, value_in<Members, member>& of) {
///         has("node", of.node);                       // always written
///         has.where_set("evidence", of.evidence);     // left out where empty, absent or 0
///     }
///
/// that `member_writer` and `member_reader` call in turn. Names are written out, not taken from the C++ members by
/// reflection: they are a contract with other releases, which renaming a member must not break.
namespace penholder::api {

namespace json = boost::json;

template <class Members, class T>
using value_in = typename Members::template access<T>;

class member_writer;

template <class T>
concept described = std::is_class_v<T> && requires(member_writer& has, const T& of) {
    describe(has, of);
};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

template <class T>
json::value write_value(const T& from);

/// Puts the members of one value into an object.
class member_writer {
public:
    template <class T>
    using access = const T;

    explicit member_writer(json::object& into) : into_(into) {}

    template <class T>
    void operator()(std::string_view name, const T& from) {
        into_[name] = write_value(from);
    }

    template <class T>
    void where_set(std::string_view name, const T& from) {
        if (from != T{}) into_[name] = write_value(from);
    }

    /// A value that JSON shows in a notation of its own, as text.
    template <class T, class Print, class Parse>
    void as_text(std::string_view name, const T& from, Print print, Parse) {
        if (from != T{}) into_[name] = print(from);
    }

private:
    json::object& into_;
};

template <class T>
bool read_value(const json::value& from, T& into);

/// Takes the members of one value out of an object that another release, or a stranger, may have written: members that
/// are not known are ignored, and what is missing or of another type leaves the value as it was.
class member_reader {
public:
    template <class T>
    using access = T;

    explicit member_reader(const json::object& from) : from_(from) {}

    template <class T>
    void operator()(std::string_view name, T& into) const {
        if (const auto* found = from_.if_contains(name)) read_value(*found, into);
    }

    template <class T>
    void where_set(std::string_view name, T& into) const {
        (*this)(name, into);
    }

    template <class T, class Print, class Parse>
    void as_text(std::string_view name, T& into, Print, Parse parse) const {
        std::string text;
        (*this)(name, text);
        if (const auto parsed = parse(text)) into = *parsed;
    }

private:
    const json::object& from_;
};

template <class T>
json::value write_value(const T& from) {
    if constexpr (std::is_enum_v<T>) {
        const std::string_view name = to_string(from);
        return json::value(json::string_view(name.data(), name.size()));
    } else if constexpr (is_optional<T>) {
        return from ? write_value(*from) : json::value(nullptr);
    } else if constexpr (is_vector<T>) {
        json::array all;
        all.reserve(from.size());
        for (const auto& each : from) all.push_back(write_value(each));
        return all;
    } else if constexpr (described<T>) {
        json::object made;
        member_writer has(made);
        describe(has, from);
        return made;
    } else {
        return json::value(from);
    }
}

/// The enumerator of that name, as `to_string` gives it; nothing where this release knows none.
template <class Enum>
std::optional<Enum> enumerator_of(std::string_view name) {
    std::optional<Enum> found;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enum>>([&](auto each) {
        if (to_string(each.value) == name) found = each.value;
    });
    return found;
}

template <>
inline std::optional<errc> enumerator_of<errc>(std::string_view name) {
    return errc_from_string(name);
}

/// Whether `from` is of the type that `into` asks for; else `into` stays as it was. Elements of a list that are not are
/// left out; an optional value that is not becomes absent.
template <class T>
bool read_value(const json::value& from, T& into) {
    if constexpr (std::same_as<T, std::string>) {
        const auto* text = from.if_string();
        if (text != nullptr) into.assign(text->data(), text->size());
        return text != nullptr;
    } else if constexpr (std::same_as<T, bool>) {
        if (!from.is_bool()) return false;
        into = from.get_bool();
        return true;
    } else if constexpr (std::integral<T>) {
        boost::system::error_code failed;
        const auto number = from.to_number<T>(failed);
        if (!failed) into = number;
        return !failed;
    } else if constexpr (std::is_enum_v<T>) {
        std::string name;
        const auto found = read_value(from, name) ? enumerator_of<T>(name) : std::nullopt;
        if (found) into = *found;
        return found.has_value();
    } else if constexpr (is_optional<T>) {
        typename T::value_type value{};
        const bool is_there = read_value(from, value);
        into = is_there ? T(std::move(value)) : T();
        return true;
    } else if constexpr (is_vector<T>) {
        const auto* all = from.if_array();
        if (all == nullptr) return false;
        into.clear();
        for (const auto& each : *all) {
            typename T::value_type value{};
            if (read_value(each, value)) into.push_back(std::move(value));
        }
        return true;
    } else {
        const auto* object = from.if_object();
        if (object == nullptr) return false;
        member_reader has(*object);
        describe(has, into);
        return true;
    }
}

}  // namespace penholder::api
