#include "paths.hpp"

#include <charconv>
#include <cstdio>

namespace penholder::election {
namespace {

constexpr std::size_t session_digits = 16;

template <class Number>
std::optional<Number> parse(std::string_view text, int base) {
    Number value{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// The priority that stands before the sequence, "p<priority>-", which is taken off; 0 where none does.
std::optional<int> take_priority(std::string_view& text) {
    if (!text.starts_with('p')) return 0;
    const auto end = text.find('-', 2);  // Behind a sign.
    if (end == std::string_view::npos) return std::nullopt;
    const auto priority = parse<int>(text.substr(1, end - 1), 10);
    text.remove_prefix(end + 1);
    return priority;
}

}  // namespace

group_paths::group_paths(std::string_view root, std::string_view name)
    : group(std::string(root) + "/" + std::string(name)),
      members(group + "/members"),
      candidates(group + "/candidates"),
      leader(group + "/leader"),
      terms(group + "/terms"),
      control(group + "/control") {}

std::string group_paths::member(std::string_view node) const {
    return members + "/" + std::string(node);
}

std::string group_paths::candidate(std::string_view znode) const {
    return candidates + "/" + std::string(znode);
}

std::vector<std::string> group_paths::persistent() const {
    std::vector<std::string> paths;
    for (auto slash = group.find('/', 1); slash != std::string::npos; slash = group.find('/', slash + 1)) {
        paths.push_back(group.substr(0, slash));
    }
    paths.insert(paths.end(), {group, members, candidates, terms, control});
    return paths;
}

std::string session_text(std::int64_t session) {
    char text[session_digits + 1];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(session));
    return text;
}

std::optional<candidate_name> parse_candidate_name(std::string_view znode) {
    if (znode.size() < session_digits + 2 || znode[session_digits] != '-') return std::nullopt;
    const auto session = parse<std::uint64_t>(znode.substr(0, session_digits), 16);
    auto rest = znode.substr(session_digits + 1);
    const auto priority = take_priority(rest);
    const auto sequence = parse<std::int32_t>(rest, 10);
    if (!session || !priority || !sequence) return std::nullopt;
    return candidate_name{static_cast<std::int64_t>(*session), *sequence, *priority};
}

std::string candidate_prefix(std::int64_t session) {
    return session_text(session) + "-";
}

std::string candidate_prefix(std::int64_t session, int priority) {
    const auto prefix = candidate_prefix(session);
    return priority == 0 ? prefix : prefix + "p" + std::to_string(priority) + "-";
}

}  // namespace penholder::election
