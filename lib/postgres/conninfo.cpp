#include "conninfo.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <memory>

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

}  // namespace

result<std::string> complete_conninfo(const std::string& conninfo, const std::map<std::string, std::string>& defaults,
                                      const std::map<std::string, std::string>& pinned) {
    char* complaint = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(conninfo.c_str(), &complaint), &PQconninfoFree);
    const std::unique_ptr<char, decltype(&PQfreemem)> complaint_owner(complaint, &PQfreemem);
    if (!options) {
        return error{errc::invalid_argument, "the database's connection string is no libpq connection string: " +
                                                 std::string(complaint != nullptr ? complaint : "out of memory")};
    }
    auto values = defaults;
    for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
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
