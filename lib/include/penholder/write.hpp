#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace penholder {

/// One parameter in PostgreSQL's text format; no value is SQL's NULL. The server decides its type.
using parameter = std::optional<std::string>;

parameter to_parameter(std::nullopt_t);
parameter to_parameter(std::nullptr_t);
parameter to_parameter(bool value);
parameter to_parameter(double value);
parameter to_parameter(std::string_view value);
inline parameter to_parameter(std::string value) {
    return parameter(std::move(value));
}
inline parameter to_parameter(const char* value) {
    return parameter(std::string(value));
}
inline parameter to_parameter(parameter value) {
    return value;
}
template <std::integral Integer>
requires(!std::same_as<Integer, bool>) parameter to_parameter(Integer value) {
    return parameter(std::to_string(value));
}

/// PostgreSQL's array of the values, as text: `{a,"b,c",NULL}`. A vector of vectors, which must be of one length, is
/// an array of more dimensions; one without any value is `{}`.
template <class Value>
parameter to_parameter(const std::vector<Value>& values);

/// Appends an element to an array's text, quoted where PostgreSQL quotes it too; NULL for no value.
void append_array_element(std::string& array, const parameter& element);

namespace detail {

/// False where there is no value in it.
template <class Value>
bool append_array(std::string& array, const std::vector<Value>& values) {
    array += '{';
    for (const Value& each : values) {
        if (array.back() != '{') array += ',';
        append_array_element(array, to_parameter(each));
    }
    array += '}';
    return !values.empty();
}

template <class Value>
bool append_array(std::string& array, const std::vector<std::vector<Value>>& values) {
    bool has_values = false;
    array += '{';
    for (const auto& each : values) {
        if (array.back() != '{') array += ',';
        has_values = append_array(array, each) || has_values;
    }
    array += '}';
    return has_values;
}

}  // namespace detail

template <class Value>
parameter to_parameter(const std::vector<Value>& values) {
    std::string array;
    return detail::append_array(array, values) ? parameter(std::move(array)) : parameter("{}");
}

/// One SQL statement of a write, with `$1`… parameters.
class statement {
public:
    statement() = default;
    explicit statement(std::string sql, std::vector<parameter> params = {})
        : sql_(std::move(sql)), params_(std::move(params)) {}

    /// The write is rejected, and rolled back as a whole, unless this statement affects exactly `count` rows.
    statement& expect_rows(std::uint64_t count) {
        expect_rows_ = count;
        return *this;
    }

    const std::string& sql() const noexcept { return sql_; }
    const std::vector<parameter>& params() const noexcept { return params_; }
    std::optional<std::uint64_t> expected_rows() const noexcept { return expect_rows_; }

    friend bool operator==(const statement&, const statement&) = default;

private:
    std::string sql_;
    std::vector<parameter> params_;
    std::optional<std::uint64_t> expect_rows_;
};

/// Statements that take effect together or not at all, exactly once for their write id.
class write {
public:
    /// Without an id the node gives one, which the receipt names. An id of the application's own is at most 256 bytes
    /// of printable ASCII without spaces and does not begin with '~'.
    write() = default;
    explicit write(std::string id) : id_(std::move(id)) {}

    template <class... Values>
    statement& add(std::string sql, Values&&... values) {
        std::vector<parameter> params;
        params.reserve(sizeof...(values));
        (params.push_back(to_parameter(std::forward<Values>(values))), ...);
        return statements_.emplace_back(std::move(sql), std::move(params));
    }
    statement& add(statement made) { return statements_.emplace_back(std::move(made)); }

    /// How long the caller waits for the receipt. Without one the group's `default_deadline_ms` holds.
    write& deadline(std::chrono::milliseconds within) {
        deadline_ = within;
        return *this;
    }

    /// The trace that it belongs to (W3C Trace Context): 32 lower-case hexadecimal digits, not all 0. The log names it.
    write& trace_id(std::string id) {
        trace_id_ = std::move(id);
        return *this;
    }

    const std::string& id() const noexcept { return id_; }
    const std::vector<statement>& statements() const noexcept { return statements_; }
    std::optional<std::chrono::milliseconds> deadline() const noexcept { return deadline_; }
    const std::string& trace_id() const noexcept { return trace_id_; }

private:
    std::string id_;
    std::vector<statement> statements_;
    std::optional<std::chrono::milliseconds> deadline_;
    std::string trace_id_;
};

}  // namespace penholder
