#include "health.hpp"

#include "api/documents.hpp"
#include "group_view.hpp"
#include "problem.hpp"
#include "resources.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace penholder::daemon {
namespace {

/// The group that a load balancer asks about: `?group=`, or the only one there is.
boost::asio::awaitable<group_status> group_asked_for(surroundings& with, const request& asked) {
    const auto named = asked.query.find("group");
    const auto& groups = with.settings.node.groups;
    if (named == asked.query.end() && groups.size() > 1) {
        throw exception({errc::invalid_argument, "this node has several groups; say which one with ?group="});
    }
    co_return co_await group_view(with.pen, named == asked.query.end() ? groups.front().name : named->second);
}

reply role_reply(const leadership& now, bool is) {
    return json_reply(is ? http::status::ok : http::status::service_unavailable, api::to_json(now));
}

}  // namespace

std::vector<std::string> unready_because(const node_status& now, bool stopping) {
    std::vector<std::string> because;
    for (const auto& group : now.groups) {
        if (!group.now.leader.empty()) continue;
        const auto trouble = group.trouble.empty() ? "" : " (" + group.trouble + ")";
        because.push_back(fmt::format("group {}: nobody is known to lead it{}", group.now.group, trouble));
    }
    if (!because.empty() && !now.ensemble_connected) because.emplace_back("the ensemble cannot be reached");
    if (stopping) because.emplace_back("the daemon is stopping");
    return because;
}

answer is_leader(surroundings& with, const request& asked) {
    const auto group = co_await group_asked_for(with, asked);
    co_return role_reply(group.now, group.now.is_leader());
}

answer is_follower(surroundings& with, const request& asked) {
    const auto group = co_await group_asked_for(with, asked);
    co_return role_reply(group.now, group.now.role == role::follower || group.now.role == role::observer);
}

answer is_alive(surroundings&, const request&) {
    co_return json_reply(http::status::ok, {{"live", true}});
}

answer is_ready(surroundings& with, const request&) {
    const auto because = unready_because(co_await with.pen.status(), with.stopping);
    if (because.empty()) co_return json_reply(http::status::ok, {{"ready", true}});
    co_return to_reply(http::status::service_unavailable, "not_ready", fmt::format("{}", fmt::join(because, "; ")));
}

answer show_metrics(surroundings& with, const request&) {
    auto text = with.counted.render(co_await with.pen.status());
    co_return reply{http::status::ok, "text/plain; version=0.0.4; charset=utf-8", std::move(text), {}, nullptr};
}

}  // namespace penholder::daemon
