#include "lineage.hpp"

#include <fmt/format.h>

#include <cassert>
#include <charconv>
#include <tuple>

namespace penholder {
namespace {

constexpr int half_bits = 32;

template <class Number>
std::optional<Number> number_in(std::string_view text, int base) {
    Number value{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    const bool whole = failed == std::errc{} && end == text.data() + text.size();
    return whole ? std::optional(value) : std::nullopt;
}

constexpr int decimal = 10;
constexpr int hexadecimal = 16;

std::string why_refused(descent what, const lineage& server, const fence_raise& known) {
    const auto newest = fmt::format("term {} was raised on timeline {}", known.term.value, known.at.timeline);
    switch (what) {
        case descent::older_timeline: return fmt::format("it is on timeline {}, and {}", server.timeline, newest);
        case descent::older_raise:
            return fmt::format("it lacks the last raise of the fence: {} at {}, and it holds {}", newest,
                               to_string(known.at), server.last.at.is_known() ? to_string(server.last.at) : "none");
        default:
            return fmt::format("it holds a raise of term {} at {} that the group has left: {} since",
                               server.last.term.value, to_string(server.last.at), newest);
    }
}

}  // namespace

std::string to_string(const log_position& where) {
    if (!where.is_known()) return {};
    return fmt::format("{}@{:X}/{:X}", where.timeline, where.lsn >> half_bits, where.lsn & 0xFFFFFFFFU);
}

std::optional<log_position> parse_log_position(std::string_view text) {
    if (text.empty()) return log_position{};
    const auto at = text.find('@');
    const auto slash = text.find('/');
    if (at == std::string_view::npos || slash == std::string_view::npos || slash < at) return std::nullopt;
    const auto timeline = number_in<std::uint32_t>(text.substr(0, at), decimal);
    const auto high = number_in<std::uint32_t>(text.substr(at + 1, slash - at - 1), hexadecimal);
    const auto low = number_in<std::uint32_t>(text.substr(slash + 1), hexadecimal);
    if (!timeline || *timeline == 0 || !high || !low) return std::nullopt;
    return log_position{*timeline, (std::uint64_t{*high} << half_bits) | *low};
}

std::string to_string(const fence_raise& what) {
    return what.is_known() ? std::to_string(what.term.value) + ":" + to_string(what.at) : std::string();
}

std::optional<fence_raise> parse_fence_raise(std::string_view text) {
    if (text.empty()) return fence_raise{};
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto number = number_in<std::uint64_t>(text.substr(0, colon), decimal);
    const auto at = parse_log_position(text.substr(colon + 1));
    if (!number || !at || !at->is_known()) return std::nullopt;
    return fence_raise{{*number}, *at};
}

bool is_newer(const fence_raise& one, const fence_raise& other) noexcept {
    return std::tie(one.term, one.at) > std::tie(other.term, other.at);
}

descent descent_of(const lineage& server, const fence_raise& known) noexcept {
    if (!known.is_known() || server.timeline == 0) return descent::current;
    const bool of_older_term = server.last.term < known.term;
    if (server.timeline < known.at.timeline) return descent::older_timeline;
    if (server.last.at > known.at && of_older_term) return descent::left;
    const bool lacks_it = server.last.at < known.at;
    if (server.timeline == known.at.timeline) {
        if (lacks_it) return descent::older_raise;
        return of_older_term ? descent::set_back : descent::current;
    }
    return lacks_it || of_older_term ? descent::promoted_early : descent::promoted;
}

bool may_be_written(descent what) noexcept {
    return what < descent::older_timeline;
}

bool lost_the_last_raise(descent what) noexcept {
    return what == descent::set_back || what == descent::promoted_early;
}

bool precedes(const lineage& one, const lineage& other) noexcept {
    return std::tie(one.timeline, one.last.at) > std::tie(other.timeline, other.last.at);
}

std::string outdone(const std::string& host, const lineage& server, const std::string& newer, const lineage& by) {
    const auto why = by.timeline > server.timeline
                         ? fmt::format("it is on timeline {}, and host {} on {}", server.timeline, newer, by.timeline)
                         : fmt::format("host {} holds a later raise of the fence", newer);
    return "host " + host + " is not written to: " + why +
           "; stop it, and make it a standby of the newer one (pg_rewind)";
}

lineage lineage_of(const std::string& timeline, const std::string& term, const std::string& raised_timeline,
                   const std::string& raised_at) {
    const auto number = number_in<std::uint32_t>(timeline, decimal);
    const auto raised_in = number_in<std::uint64_t>(term, decimal);
    const auto at = parse_log_position(raised_timeline + "@" + raised_at);
    return {number.value_or(0), {{raised_in.value_or(0)}, at.value_or(log_position{})}};
}

std::string refusal(const std::string& host, const lineage& server, const fence_raise& known) {
    const auto what = descent_of(server, known);
    assert(!may_be_written(what));
    return "host " + host + " is not written to: " + why_refused(what, server, known) +
           "; make it a standby of the newer server (pg_rewind), or, where it is to be the group's again, run "
           "`penholder "
           "adopt-database`";
}

}  // namespace penholder
