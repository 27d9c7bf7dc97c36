#include "cli/nodes/status_codec.hpp"

#include "cli/nodes/fields.hpp"

#include <boost/json/parse.hpp>

#include <array>

namespace penholder::cli {
namespace {

namespace json = boost::json;

result<json::value> parse(std::string_view body) {
    boost::system::error_code failed;
    json::value parsed = json::parse(body, failed);
    if (failed || !parsed.is_object()) {
        return error{errc::internal, "the answer is not the JSON of a Penholder node; is this its HTTP address?"};
    }
    return parsed;
}

role decode_role(std::string_view name) {
    constexpr auto roles =
        std::to_array({role::observer, role::follower, role::suspended, role::fencing, role::serving});
    for (const role each : roles) {
        if (to_string(each) == name) return each;
    }
    return role::offline;
}

leadership decode_leadership(const fields& from) {
    leadership now;
    now.group = from.text("group");
    now.role = decode_role(from.text("role"));
    now.term = from.count("term");
    now.leader = from.text("leader");
    now.endpoint = from.text("endpoint");
    now.leader_serving = from.flag("leader_serving");
    return now;
}

member decode_member(const json::value& value) {
    const fields from(value);
    return {from.text("node"),        from.text("incarnation"), from.text("endpoint"),   from.text("http_endpoint"),
            from.text("role_wanted"), from.text("version"),     from.text("started_at"), from.text("settings")};
}

group_status decode_group(const json::value& value) {
    const fields from(value);
    group_status group;
    group.now = decode_leadership(from);
    group.leader_since = from.text("leader_since");
    group.eligible = from.flag("eligible");
    group.paused = from.flag("paused");
    group.database_connected = from.flag("database_connected");
    group.link_connected = from.flag("link_connected");
    group.last_contact_ms = from.number("last_contact_ms");
    group.pending_writes = from.count("pending_writes");
    group.queued_writes = from.count("queued_writes");
    group.links = from.count("links");
    group.leader_changes = from.count("leader_changes");
    group.process_deaths = from.count("process_deaths");
    group.evictions = from.count("evictions");
    group.trouble = from.text("trouble");
    for (const json::value& each : from.list("members")) group.members.push_back(decode_member(each));
    return group;
}

}  // namespace

result<node_status> decode_node_status(std::string_view body) {
    const auto parsed = parse(body);
    if (!parsed) return parsed.error();
    const fields from(*parsed);
    node_status status;
    status.node = from.text("node");
    status.incarnation = from.text("incarnation");
    status.version = from.text("version");
    status.started_at = from.text("started_at");
    status.endpoint = from.text("endpoint");
    status.ensemble_connected = from.flag("ensemble_connected");
    status.session = from.text("session");
    status.session_timeout_ms = static_cast<int>(from.number("session_timeout_ms").value_or(0));
    for (const json::value& each : from.list("groups")) status.groups.push_back(decode_group(each));
    return status;
}

result<std::vector<term_record>> decode_history(std::string_view body) {
    const auto parsed = parse(body);
    if (!parsed) return parsed.error();
    std::vector<term_record> terms;
    for (const json::value& each : fields(*parsed).list("terms")) {
        const fields from(each);
        terms.push_back(
            {from.count("term"), from.text("node"), from.text("since"), from.text("began"), from.text("evidence")});
    }
    return terms;
}

}  // namespace penholder::cli
