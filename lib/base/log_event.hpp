#pragma once

#include "log.hpp"

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

namespace penholder {

/// Appends `value` as a log field shows it: bare where it is plain text, else in double quotes with `\"`, `\\`, `\n`,
/// `\r`, `\t`, and `\xHH` for every other control character (C1 ones included) and every byte that is no valid UTF-8.
void append_log_value(std::string& line, std::string_view value);

/// One line of the log: `event key=value …`. It is written when the full expression that made it ends:
/// `log_warn("link_lost").with("group", group).with("reason", text);`
///
/// Event and keys are literals in snake_case; values may be hostile. A line whose level is not logged costs nothing
/// but the making of its arguments. Made and used on one thread, within one expression.
class log_event {
public:
    log_event(spdlog::level::level_enum level, std::string_view event);
    ~log_event();
    log_event(const log_event&) = delete;
    log_event& operator=(const log_event&) = delete;

    template <class T>
    log_event& with(std::string_view key, const T& value) {
        if (!wanted_) return *this;
        if constexpr (std::convertible_to<T, std::string_view>) {
            add(key, std::string_view(value));
        } else if constexpr (std::is_same_v<T, bool>) {
            add(key, value ? "true" : "false");
        } else {
            static_assert(std::is_arithmetic_v<T>, "a log field is text, a number or a bool");
            add(key, std::to_string(value));
        }
        return *this;
    }

    /// Left out where there is nothing to say.
    log_event& with_where_set(std::string_view key, std::string_view value) {
        return value.empty() ? *this : with(key, value);
    }

private:
    void add(std::string_view key, std::string_view value);

    spdlog::level::level_enum level_;
    bool wanted_;
    std::string line_;
};

inline log_event log_debug(std::string_view event) {
    return {spdlog::level::debug, event};
}
inline log_event log_info(std::string_view event) {
    return {spdlog::level::info, event};
}
inline log_event log_warn(std::string_view event) {
    return {spdlog::level::warn, event};
}
inline log_event log_error(std::string_view event) {
    return {spdlog::level::err, event};
}

}  // namespace penholder
