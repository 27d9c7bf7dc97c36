#include "conninfo.hpp"

#include "model/address.hpp"
#include "refused_connection.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <memory>
#include <string_view>

namespace penholder::postgres {
namespace {

std::string quoted(const std::string& value) {
    std::string text = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\') text += '\\';
        text += c;
    }
    return text + "'";
}

bool names_several(const std::map<std::string, std::string>& values, const std::string& keyword) {
    const auto at = values.find(keyword);
    return at != values.end() && at->second.find(',') != std::string::npos;
}

bool is_option(std::string_view name) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> all(PQconndefaults(), &PQconninfoFree);
    for (const auto* option = all.get(); option != nullptr && option->keyword != nullptr; ++option) {
        if (option->keyword == name) return true;
    }
    return false;
}

constexpr std::array<std::string_view, 6> numbers{"connect_timeout",     "keepalives",       "keepalives_idle",
                                                  "keepalives_interval", "keepalives_count", "tcp_user_timeout"};

/// A number as libpq reads one, with space around it.
std::optional<long> number_in(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    long value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failed == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

bool are_all(std::string_view list, auto fits) {
    while (true) {
        const auto comma = list.find(',');
        if (!fits(list.substr(0, comma))) return false;
        if (comma == std::string_view::npos) return true;
        list.remove_prefix(comma + 1);
    }
}

bool is_port(std::string_view text) {
    constexpr long last = 65535;
    const auto value = number_in(text);
    return text.empty() || (value && *value >= 1 && *value <= last);
}

/// A password with an @ in it, in a URI, ends up in the name of the host. One that begins so is a socket's.
bool is_host(std::string_view text) {
    return text.starts_with('/') || text.find('@', 1) == std::string_view::npos;
}

/// What libpq would find out only when it connects, and then tell with the value.
std::string problem_of(std::string_view keyword, std::string_view value) {
    if (keyword == "port" && !are_all(value, is_port)) return "option \"port\" is no port from 1 to 65535";
    if (keyword == "host" && !are_all(value, is_host)) {
        return "option \"host\" has a sign @ in it; write one in a password as %40";
    }
    const bool is_number = value.empty() || std::ranges::find(numbers, keyword) == numbers.end() || number_in(value);
    return is_number ? std::string() : "option \"" + std::string(keyword) + "\" is no number";
}

struct parsed_conninfo {
    explicit parsed_conninfo(const std::string& conninfo) {
        char* message = nullptr;
        options.reset(PQconninfoParse(conninfo.c_str(), &message));
        const std::unique_ptr<char, decltype(&PQfreemem)> owner(message, &PQfreemem);
        if (!options) complaint = without_values(one_line(message != nullptr ? message : "out of memory"));
        for (const auto* option = options.get(); option != nullptr && option->keyword != nullptr; ++option) {
            if (option->val != nullptr && complaint.empty()) complaint = problem_of(option->keyword, option->val);
        }
    }

    std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options{nullptr, &PQconninfoFree};
    std::string complaint;
};

/// What is in force: what the string says, else the environment, else libpq's own.
std::map<std::string, std::string, std::less<>> values_in_force(const PQconninfoOption* given) {
    std::map<std::string, std::string, std::less<>> values;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> usual(PQconndefaults(), &PQconninfoFree);
    for (const auto* from : {static_cast<const PQconninfoOption*>(usual.get()), given}) {
        for (const auto* option = from; option != nullptr && option->keyword != nullptr; ++option) {
            if (option->val != nullptr && *option->val != '\0') values[option->keyword] = option->val;
        }
    }
    return values;
}

bool is_on_this_host(std::string_view host) {
    return host.empty() || host.front() == '/' || host.front() == '@' ||
           address{std::string(host), 0, {}}.is_loopback();
}

}  // namespace

std::optional<std::string> unproven_servers(const std::string& conninfo) {
    const parsed_conninfo given(conninfo);
    if (!given.complaint.empty()) return std::nullopt;
    auto values = values_in_force(given.options.get());
    const auto& mode = values["sslmode"];
    std::string there;
    const auto collect = [&](std::string_view host) {
        if (!is_on_this_host(host)) there += (there.empty() ? "" : ", ") + std::string(host);
        return true;
    };
    are_all(values[values["hostaddr"].empty() ? "host" : "hostaddr"], collect);
    if (mode == "verify-full" || there.empty()) return std::nullopt;
    return "connects to " + there + " with sslmode=" + mode +
           ": who is between can pass for the server, and read and change what is sent to it; write "
           "sslmode=verify-full sslrootcert=FILE, with the authority of the server's certificate in that file";
}

std::optional<std::string> conninfo_problem(const std::string& conninfo) {
    const parsed_conninfo given(conninfo);
    return given.complaint.empty() ? std::nullopt : std::optional(given.complaint);
}

std::string without_values(std::string_view complaint) {
    std::string shown;
    while (!complaint.empty()) {
        const auto open = complaint.find('"');
        shown += complaint.substr(0, open);
        if (open == std::string_view::npos) break;
        const auto close = std::min(complaint.find('"', open + 1), complaint.size());
        const auto value = complaint.substr(open + 1, close - open - 1);
        const bool is_shown = value == "=" || value == "]" || is_option(value);
        shown += is_shown ? '"' + std::string(value) + '"' : std::string("\"…\"");
        complaint.remove_prefix(std::min(close + 1, complaint.size()));
    }
    return shown;
}

result<std::string> complete_conninfo(const std::string& conninfo, const std::map<std::string, std::string>& defaults,
                                      const std::map<std::string, std::string>& pinned) {
    const parsed_conninfo given(conninfo);
    if (!given.complaint.empty()) {
        return error{errc::invalid_argument, "the database's connection string cannot be used: " + given.complaint};
    }
    auto values = defaults;
    for (const auto* option = given.options.get(); option->keyword != nullptr; ++option) {
        if (option->val != nullptr) values[option->keyword] = option->val;
    }
    for (const auto& [keyword, value] : pinned) {
        auto& held = values[keyword];
        held = keyword == "options" && !held.empty() ? held + " " + value : value;
    }
    if (names_several(values, "host") || names_several(values, "hostaddr")) {
        values.try_emplace("target_session_attrs", "read-write");
    }
    std::string text;
    for (const auto& [keyword, value] : values) text += keyword + "=" + quoted(value) + " ";
    return text;
}

std::map<std::string, std::string> connection_defaults(int connect_timeout_ms, const std::string& application_name) {
    return {{"connect_timeout", std::to_string(std::max(2, (connect_timeout_ms + 999) / 1000))},
            {"tcp_user_timeout", std::to_string(connect_timeout_ms)},
            {"keepalives_idle", "5"},
            {"keepalives_interval", "2"},
            {"keepalives_count", "3"},
            {"application_name", application_name}};
}

std::string one_line(std::string message) {
    message = without_location(std::move(message));
    while (!message.empty() && message.back() == '\n') message.pop_back();
    std::ranges::replace_if(
        message, [](char c) { return c == '\n' || c == '\t'; }, ' ');
    return message;
}

}  // namespace penholder::postgres
