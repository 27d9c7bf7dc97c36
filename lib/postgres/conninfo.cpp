#include "conninfo.hpp"

#include <libpq-fe.h>

#include <algorithm>
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

/// libpq quotes what it could not read. Names of options are no secrets, and neither is a lone sign.
std::string without_values(std::string_view complaint) {
    const bool names_option =
        complaint.starts_with("invalid connection option") || complaint.starts_with("invalid URI query parameter");
    if (names_option) return std::string(complaint);
    std::string shown;
    while (!complaint.empty()) {
        const auto open = complaint.find('"');
        shown += complaint.substr(0, open);
        if (open == std::string_view::npos) break;
        const auto close = std::min(complaint.find('"', open + 1), complaint.size());
        const auto value = complaint.substr(open + 1, close - open - 1);
        shown += value.size() == 1 ? '"' + std::string(value) + '"' : std::string("\"…\"");
        complaint.remove_prefix(std::min(close + 1, complaint.size()));
    }
    return shown;
}

struct parsed_conninfo {
    explicit parsed_conninfo(const std::string& conninfo) {
        char* message = nullptr;
        options.reset(PQconninfoParse(conninfo.c_str(), &message));
        const std::unique_ptr<char, decltype(&PQfreemem)> owner(message, &PQfreemem);
        if (!options) complaint = without_values(one_line(message != nullptr ? message : "out of memory"));
    }

    std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options{nullptr, &PQconninfoFree};
    std::string complaint;
};

}  // namespace

std::optional<std::string> conninfo_problem(const std::string& conninfo) {
    const parsed_conninfo given(conninfo);
    return given.options ? std::nullopt : std::optional(given.complaint);
}

result<std::string> complete_conninfo(const std::string& conninfo, const std::map<std::string, std::string>& defaults,
                                      const std::map<std::string, std::string>& pinned) {
    const parsed_conninfo given(conninfo);
    if (!given.options) {
        return error{errc::invalid_argument,
                     "the database's connection string is no libpq connection string: " + given.complaint};
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
    while (!message.empty() && message.back() == '\n') message.pop_back();
    std::ranges::replace_if(
        message, [](char c) { return c == '\n' || c == '\t'; }, ' ');
    return message;
}

}  // namespace penholder::postgres
