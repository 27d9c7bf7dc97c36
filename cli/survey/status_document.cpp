#include "api/documents.hpp"
#include "cli/duration.hpp"
#include "cli/survey/documents.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>

namespace penholder::cli {
namespace {

namespace json = boost::json;

const std::vector<column> columns{
    {"group", false, true}, {"term", true, true}, {"node"},          {"role"},          {"health"}, {"eligible"},
    {"priority", true},     {"queue", true},      {"pending", true}, {"contact", true}, {"version"}};

tone tone_of(leader_phase phase) {
    return phase == leader_phase::serving ? tone::good : tone::warning;
}

tone tone_of_role(const std::string& role) {
    if (role == "leader") return tone::good;
    return role == "fencing" || role == "suspended" ? tone::warning : tone::plain;
}

tone tone_of_health(const member_state& one) {
    if (one.is_well()) return tone::good;
    return one.reached || one.health == "unreachable" ? tone::bad : tone::faint;
}

std::string since_text(const leader_state& leader, wall_time now) {
    const auto since = parse_time(leader.since);
    if (!since) return "since an unknown time";
    const auto length = std::chrono::duration_cast<std::chrono::milliseconds>(now - *since);
    return "since " + time_text(*since) + ", for " + duration_text(length);
}

row heading(const group_state& group, wall_time now) {
    row line{{group.group, tone::strong}, {"term " + std::to_string(group.last_term)}};
    if (group.leader) {
        const leader_state& leader = *group.leader;
        line.emplace_back("leader " + leader.node, tone::strong);
        line.emplace_back(std::string(to_string(leader.phase)), tone_of(leader.phase));
        line.emplace_back(since_text(leader, now));
    } else {
        line.emplace_back("no leader", tone::bad);
    }
    if (group.paused) line.emplace_back("paused", tone::warning);
    return line;
}

template <class Number>
std::string number_text(const std::optional<Number>& number) {
    return number ? std::to_string(*number) : "-";
}

// A cell is one line that leaves room for the others; the whole is in json and in doctor's findings.
std::string brief(const std::string& text) {
    constexpr std::size_t most_bytes = 60;
    const auto is_inside = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U; };
    auto end = std::min({text.find('\n'), text.size(), most_bytes});
    while (end > 0 && end < text.size() && is_inside(end)) --end;
    return end == text.size() ? text : text.substr(0, end) + "…";
}

std::string eligible_text(const member_state& one) {
    if (!one.eligible || one.role == "observer") return "-";
    if (*one.eligible && one.is_unlinked) return "no link";
    return *one.eligible ? "yes" : "no";
}

std::string contact_text(const group_state& group, const member_state& one) {
    const bool leads = group.leader && group.leader->node == one.record.node;
    if (leads || !one.last_contact_ms) return "-";
    return duration_text(std::chrono::milliseconds(*one.last_contact_ms));
}

row member_row(const group_state& group, const member_state& one) {
    return {group.group,
            std::to_string(group.last_term),
            {one.record.node, tone::strong},
            {one.role, tone_of_role(one.role)},
            {brief(one.health), tone_of_health(one)},
            {eligible_text(one), one.eligible == false || one.is_unlinked ? tone::warning : tone::plain},
            number_text(one.priority),
            number_text(one.queued_writes),
            number_text(one.pending_writes),
            contact_text(group, one),
            one.record.version};
}

template <class Number>
json::value number_value(const std::optional<Number>& number) {
    return number ? json::value(*number) : json::value();
}

json::value member_value(const member_state& one) {
    json::object value = api::to_json(one.record);
    value["role"] = one.role;
    value["health"] = one.health;
    value["reached"] = one.reached;
    value["eligible"] = number_value(one.eligible);
    if (one.reached) value["linked"] = !one.is_unlinked;
    value["priority"] = number_value(one.priority);
    value["queued_writes"] = number_value(one.queued_writes);
    value["queue_wait_ms"] = number_value(one.queue_wait_ms);
    value["pending_writes"] = number_value(one.pending_writes);
    value["last_contact_ms"] = number_value(one.last_contact_ms);
    value["counters"] = one.counters ? json::value(api::to_json(*one.counters)) : json::value();
    return value;
}

json::value group_value(const group_state& group, wall_time now) {
    json::array members;
    for (const member_state& each : group.members) members.push_back(member_value(each));
    json::array lock_waits;
    for (const lock_wait& each : group.lock_waits) lock_waits.push_back(api::to_json(each));
    json::array warnings;
    for (const std::string& each : group.warnings) warnings.emplace_back(each);
    return {{"group", group.group},           {"leader", leader_value(group, now)},
            {"term", group.last_term},        {"paused", group.paused},
            {"members", std::move(members)},  {"lock_waits", std::move(lock_waits)},
            {"warnings", std::move(warnings)}};
}

}  // namespace

json::value leader_value(const group_state& group, wall_time now) {
    if (!group.leader) return nullptr;
    const leader_state& leader = *group.leader;
    const auto since = parse_time(leader.since);
    json::value for_ms;
    if (since) for_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now - *since).count();
    return {{"node", leader.node},   {"endpoint", leader.endpoint},
            {"term", leader.term},   {"phase", to_string(leader.phase)},
            {"since", leader.since}, {"for_ms", for_ms}};
}

document describe_status(const survey& seen, const std::vector<group_state>& groups, wall_time now) {
    document made;
    made.columns = columns;
    json::array values;
    for (const group_state& group : groups) {
        section part{{heading(group, now)}, {}};
        for (const lock_wait& each : group.lock_waits) {
            part.heading.push_back({{lock_wait_text(each), tone::warning}});
        }
        for (const member_state& each : group.members) part.rows.push_back(member_row(group, each));
        made.sections.push_back(std::move(part));
        values.push_back(group_value(group, now));
    }
    made.data = {{"ensemble_reached", seen.ensemble_reached()}, {"groups", std::move(values)}};
    return made;
}

}  // namespace penholder::cli
