#include "cli/survey/documents.hpp"

#include "api/documents.hpp"
#include "cli/duration.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

namespace penholder::cli {
namespace {

namespace json = boost::json;

row leader_row(const group_state& group, wall_time now) {
    if (!group.leader) return {group.group, "", "", std::to_string(group.last_term), {"none", tone::bad}, "", ""};
    const leader_state& leader = *group.leader;
    const auto since = parse_time(leader.since);
    const std::string length =
        since ? duration_text(std::chrono::duration_cast<std::chrono::milliseconds>(now - *since)) : "";
    return {group.group,
            {leader.node, tone::strong},
            leader.endpoint,
            std::to_string(leader.term),
            std::string(to_string(leader.phase)),
            leader.since,
            length};
}

json::value member_value(const group_state& group, const member_state& one) {
    json::object value = api::to_json(one.record);
    value["group"] = group.group;
    value["role"] = one.role;
    value["health"] = one.health;
    return value;
}

// How long a term lasted: until the next one began, or until now for the last while somebody leads.
std::optional<std::chrono::milliseconds> lasted(const group_state& group, std::size_t index, wall_time now) {
    const auto begun = parse_time(group.terms[index].since);
    const bool last = index + 1 == group.terms.size();
    const bool lasts = last && group.leader && group.leader->term == group.terms[index].number;
    auto ended = last ? std::optional<wall_time>() : parse_time(group.terms[index + 1].since);
    if (lasts) ended = now;
    if (!begun || !ended) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(*ended - *begun);
}

}  // namespace

document describe_leaders(const std::vector<group_state>& groups, wall_time now) {
    document made;
    made.columns = {{"group"}, {"leader"}, {"endpoint"}, {"term", true}, {"phase"}, {"since"}, {"for", true}};
    section part;
    json::array values;
    for (const group_state& group : groups) {
        part.rows.push_back(leader_row(group, now));
        values.push_back({{"group", group.group}, {"leader", leader_value(group, now)}});
    }
    made.data = std::move(values);
    made.sections.push_back(std::move(part));
    return made;
}

document describe_members(const std::vector<group_state>& groups) {
    document made;
    made.columns = {{"group"},         {"node"},    {"role"},       {"endpoint"},
                    {"http_endpoint"}, {"version"}, {"started_at"}, {"incarnation"}};
    section part;
    json::array values;
    for (const group_state& group : groups) {
        for (const member_state& each : group.members) {
            const member& record = each.record;
            part.rows.push_back({group.group,
                                 {record.node, tone::strong},
                                 each.role,
                                 record.endpoint,
                                 record.http_endpoint,
                                 record.version,
                                 record.started_at,
                                 record.incarnation});
            values.push_back(member_value(group, each));
        }
    }
    made.data = std::move(values);
    made.sections.push_back(std::move(part));
    return made;
}

document describe_history(const std::vector<group_state>& groups, wall_time now) {
    document made;
    made.columns = {{"group"}, {"term", true}, {"leader"}, {"since"}, {"lasted", true}, {"began"}, {"evidence"}};
    section part;
    json::array values;
    for (const group_state& group : groups) {
        for (std::size_t i = group.terms.size(); i-- > 0;) {
            const term_record& term = group.terms[i];
            const auto length = lasted(group, i, now);
            part.rows.push_back({group.group,
                                 std::to_string(term.number),
                                 {term.node, tone::strong},
                                 term.since,
                                 length ? duration_text(*length) : "",
                                 term.began,
                                 term.evidence});
            values.push_back({{"group", group.group},
                              {"term", term.number},
                              {"leader", term.node},
                              {"since", term.since},
                              {"lasted_ms", length ? json::value(length->count()) : json::value()},
                              {"began", term.began},
                              {"evidence", term.evidence}});
        }
    }
    made.data = std::move(values);
    made.sections.push_back(std::move(part));
    return made;
}

document describe_change(const change& what, wall_time when) {
    document made;
    made.columns = {{"at", false, true},   {"group", false, true}, {"change", false, true},
                    {"node", false, true}, {"term", true, true},   {"detail", false, true}};
    const std::string term = what.term == 0 ? "" : std::to_string(what.term);
    made.data = {{"at", time_text(when)},
                 {"group", what.group},
                 {"change", what.what},
                 {"node", what.node.empty() ? json::value() : json::value(what.node)},
                 {"term", what.term == 0 ? json::value() : json::value(what.term)},
                 {"detail", what.detail}};
    row line{{time_text(when), tone::faint}, {what.group, tone::strong}, fmt::format("{:<8}", what.what)};
    if (!what.node.empty()) line.emplace_back(what.node, tone::strong);
    if (!term.empty()) line.emplace_back("term " + term);
    if (!what.detail.empty()) line.emplace_back(what.detail);
    made.sections.push_back(
        {{std::move(line)}, {{time_text(when), what.group, what.what, what.node, term, what.detail}}});
    return made;
}

}  // namespace penholder::cli
