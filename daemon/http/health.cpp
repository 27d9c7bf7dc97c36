#include "daemon/http/health.hpp"

#include "api/documents.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/http/resources.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace penholder::daemon {
namespace {

/// The group that a load balancer asks about: `?group=`, or the only one there is.
boost::asio::awaitable<group_status> group_asked_for(request_context& context, const http_request& request) {
    const auto named = request.query.find("group");
    const auto& groups = context.settings.node.groups;
    if (named == request.query.end() && groups.size() > 1) {
        throw exception({errc::invalid_argument, "this node has several groups; say which one with ?group="});
    }
    co_return co_await status_of_group(context.pen, named == request.query.end() ? groups.front().name : named->second);
}

/// Whether writes can be forwarded. A group without a database has none, and no links.
bool is_let_in(const group_status& group, const options& settings) {
    const auto configured = std::ranges::find(settings.groups, group.now.group, &group_options::name);
    const bool writes = configured != settings.groups.end() && !configured->database.empty();
    return group.link_connected || !writes;
}

/// Another process may lead under the node's name; then this one is offline.
bool is_itself(const leadership& now, const std::string& node) {
    return now.leader == node && now.role != role::offline;
}

/// Though it reaches the ensemble: its name is another process's, or its database not the group's. Not known while it
/// joins.
bool takes_no_part(const group_status& group, const node_status& now) {
    return group.now.role == role::offline && now.ensemble_connected && !group.trouble.empty();
}

/// One whose session is overdue forwards over its link all the same.
bool follows(const group_status& group, const options& settings) {
    const bool is_linked = group.now.role == role::offline && group.link_connected;
    const bool is_member = group.now.role == role::follower || group.now.role == role::observer;
    return is_linked || (is_member && is_let_in(group, settings));
}

reply role_reply(const leadership& now, bool is) {
    return json_reply(is ? http::status::ok : http::status::service_unavailable, api::to_json(now));
}

}  // namespace

std::vector<std::string> unready_because(const node_status& now, const options& settings, bool stopping) {
    std::vector<std::string> because;
    bool leader_unknown = false;
    for (const auto& group : now.groups) {
        if (!group.write_outage.empty()) {
            because.push_back(fmt::format("group {}: writes fail: {}", group.now.group, group.write_outage));
        }
        const auto trouble = group.trouble.empty() ? "" : " (" + group.trouble + ")";
        if (group.now.leader.empty()) {
            because.push_back(fmt::format("group {}: nobody is known to lead it{}", group.now.group, trouble));
            leader_unknown = true;
        } else if (!is_itself(group.now, now.node) && !is_let_in(group, settings)) {
            because.push_back(fmt::format("group {}: there is no link to {}, which leads it{}", group.now.group,
                                          group.now.leader, trouble));
        } else if (takes_no_part(group, now)) {
            because.push_back(fmt::format("group {}: this node takes no part in it{}", group.now.group, trouble));
        }
    }
    const auto tells = [&](const group_status& group) { return group.trouble == now.ensemble_trouble; };
    const bool is_told = now.ensemble_connected || std::ranges::any_of(now.groups, tells);
    if (leader_unknown && now.ensemble_trouble.empty() && !now.ensemble_connected) {
        because.emplace_back("the ensemble cannot be reached");
    } else if (leader_unknown && !is_told) {
        because.push_back(now.ensemble_trouble);
    }
    if (stopping) because.emplace_back("the daemon is stopping");
    return because;
}

awaitable_reply is_leader(request_context& context, const http_request& request) {
    const auto group = co_await group_asked_for(context, request);
    co_return role_reply(group.now, group.now.is_leader());
}

awaitable_reply is_follower(request_context& context, const http_request& request) {
    const auto group = co_await group_asked_for(context, request);
    co_return role_reply(group.now, follows(group, context.settings.node));
}

awaitable_reply is_alive(request_context&, const http_request&) {
    co_return json_reply(http::status::ok, {{"live", true}});
}

awaitable_reply is_ready(request_context& context, const http_request&) {
    const auto now = co_await context.pen.status();
    const auto because = unready_because(now, context.settings.node, context.stopping);
    if (because.empty()) {
        boost::json::object ready{{"ready", true}};
        if (!now.ensemble_trouble.empty()) ready["warning"] = now.ensemble_trouble;
        co_return json_reply(http::status::ok, std::move(ready));
    }
    co_return to_reply(http::status::service_unavailable, "not_ready", fmt::format("{}", fmt::join(because, "; ")));
}

awaitable_reply show_metrics(request_context& context, const http_request&) {
    auto text = context.counted.render(co_await context.pen.status());
    co_return reply{http::status::ok, "text/plain; version=0.0.4; charset=utf-8", std::move(text), {}, nullptr};
}

}  // namespace penholder::daemon
